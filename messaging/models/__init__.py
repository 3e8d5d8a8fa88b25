from messaging.models.accounts.deletion import AccountDeletion
from messaging.models.accounts.invitations import Invitation
from messaging.models.accounts.reports import Report
from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.left_rooms import LeftRoom
from messaging.models.conversations.membership import Membership
from messaging.models.conversations.room_bans import RoomBan
from messaging.models.inbox.digest import Digest
from messaging.models.inbox.later import Later
from messaging.models.inbox.missed_mail import MissedMail
from messaging.models.inbox.push_notice import PushNotice
from messaging.models.inbox.reminders import Reminder
from messaging.models.inbox.saved import SavedMessage
from messaging.models.messages import (  # noqa: F401 - declare what becomes of somebody's pins and removals
    pinning,
    removers,
)
from messaging.models.messages.attachment import Attachment
from messaging.models.messages.draft import Draft
from messaging.models.messages.edit_history import MessageHistory
from messaging.models.messages.file_deletion import FileToDelete
from messaging.models.messages.following import ThreadChoice
from messaging.models.messages.keywords import Keyword
from messaging.models.messages.link_preview import LinkPreview
from messaging.models.messages.mentions import Mention
from messaging.models.messages.message import Message
from messaging.models.messages.notification import Notification
from messaging.models.messages.polls import Poll, PollChoice, PollVote
from messaging.models.messages.reactions import Reaction
from messaging.models.messages.scheduled import ScheduledMessage
from messaging.models.messages.threads import ThreadedMessage
from messaging.models.messages.ticks import Tick
from messaging.models.people.blocks import Block
from messaging.models.people.groups import GroupMembership, UserGroup
from messaging.models.people.push_subscription import PushSubscription
from messaging.models.people.sessions import Session
from messaging.models.people.user import User
from messaging.models.retention.run import RetentionRun
from messaging.models.search.search_text import SearchText
from messaging.models.site.audit_log import AuditEntry
from messaging.models.site.custom_emoji import CustomEmoji, EmojiName
from messaging.models.site.installation import Installation
from messaging.models.site.push_setup import PushSetup

__all__ = [
    "AccountDeletion",
    "Attachment",
    "AuditEntry",
    "Block",
    "Conversation",
    "CustomEmoji",
    "Digest",
    "Draft",
    "EmojiName",
    "FileToDelete",
    "GroupMembership",
    "Installation",
    "Invitation",
    "Keyword",
    "Later",
    "LeftRoom",
    "LinkPreview",
    "Membership",
    "Mention",
    "Message",
    "MessageHistory",
    "MissedMail",
    "Notification",
    "Poll",
    "PollChoice",
    "PollVote",
    "PushNotice",
    "PushSetup",
    "PushSubscription",
    "Reaction",
    "Reminder",
    "Report",
    "RetentionRun",
    "RoomBan",
    "SavedMessage",
    "ScheduledMessage",
    "SearchText",
    "Session",
    "ThreadChoice",
    "ThreadedMessage",
    "Tick",
    "User",
    "UserGroup",
]
