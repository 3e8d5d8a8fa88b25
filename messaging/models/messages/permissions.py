"""Who may do what with a message. Pages check it to decide what to offer; a change checks it again under
the lock."""

from typing import TYPE_CHECKING

from django.utils import timezone

from messaging.models.conversations.permissions import can_moderate
from messaging.models.people.user import User
from messaging.models.site.installation import Installation

if TYPE_CHECKING:
    from messaging.models.messages.message import Message


def in_edit_window(message: "Message", installation: Installation) -> bool:
    """Whether the site still lets this message be edited."""
    window = installation.edit_window
    return window is None or timezone.now() < message.timestamp + window


def can_edit(message: "Message", user: User, installation: Installation) -> bool:
    is_open = message.conversation.archived_at is None
    return is_open and message.author == user and in_edit_window(message, installation)


def can_remove(message: "Message", user: User) -> bool:
    """Whether they wrote it, or are a moderator where it is and it was not removed yet."""
    return message.author == user or (
        not message.is_removed and message.conversation.allows(can_moderate(user))
    )


def can_read_history(message: "Message", user: User, installation: Installation) -> bool:
    """Whether a member may read the earlier texts: the setting of the site says whether all may, or the
    author and the moderators alone."""
    is_open_to_all = installation.history_readers == Installation.HistoryReaders.MEMBERS
    return is_open_to_all or can_remove(message, user)
