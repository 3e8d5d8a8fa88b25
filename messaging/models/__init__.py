from messaging.models.audit import AuditEntry
from messaging.models.blocks import Block
from messaging.models.conversations import Conversation
from messaging.models.departures import Departure
from messaging.models.exclusions import Exclusion
from messaging.models.history import MessageHistory
from messaging.models.installation import Installation
from messaging.models.invitations import Invitation
from messaging.models.memberships import Membership
from messaging.models.mentions import Mention
from messaging.models.messages import Message
from messaging.models.notifications import Notification
from messaging.models.sessions import Session
from messaging.models.threads import ThreadedMessage
from messaging.models.users import User

__all__ = [
    "AuditEntry",
    "Block",
    "Conversation",
    "Departure",
    "Exclusion",
    "Installation",
    "Invitation",
    "Membership",
    "Mention",
    "Message",
    "MessageHistory",
    "Notification",
    "Session",
    "ThreadedMessage",
    "User",
]
