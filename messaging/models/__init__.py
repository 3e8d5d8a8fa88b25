from messaging.models.accounts.deletion import AccountDeletion
from messaging.models.accounts.invitations import Invitation
from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.membership import Membership
from messaging.models.conversations.room_bans import RoomBan
from messaging.models.messages.edit_history import MessageHistory
from messaging.models.messages.mentions import Mention
from messaging.models.messages.message import Message
from messaging.models.messages.notification import Notification
from messaging.models.messages.threads import ThreadedMessage
from messaging.models.people.blocks import Block
from messaging.models.people.sessions import Session
from messaging.models.people.user import User
from messaging.models.site.audit_log import AuditEntry
from messaging.models.site.installation import Installation

__all__ = [
    "AccountDeletion",
    "AuditEntry",
    "Block",
    "Conversation",
    "Installation",
    "Invitation",
    "Membership",
    "Mention",
    "Message",
    "MessageHistory",
    "Notification",
    "RoomBan",
    "Session",
    "ThreadedMessage",
    "User",
]
