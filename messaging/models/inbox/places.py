"""What the inbox groups by: a conversation's timeline, or one of its threads."""

from typing import NamedTuple

from messaging.models.conversations.membership import Membership
from messaging.models.messages.notification import NotificationQuerySet
from messaging.models.people.preferences import NotificationLevel
from messaging.models.people.user import User


class Place(NamedTuple):
    """A timeline, by the id of its conversation; or a thread, with the id of its first message."""

    conversation: int
    thread: int | None = None

    @property
    def key(self) -> str:
        """How an address and the ids of a page's elements name it: "7", or "7-12" for a thread."""
        return f"{self.conversation}-{self.thread}" if self.thread else str(self.conversation)


def unread_at(user: User, place: Place) -> NotificationQuerySet:
    """The person's unread notifications that the inbox counts at this place (`waiting.py`)."""
    rows = user.notifications.filter(conversation=place.conversation, thread_root=place.thread, read_at=None)
    all_of_it = Membership.objects.filter(
        user=user,
        conversation=place.conversation,
        notification_level__in=NotificationLevel.counting_all(),
    )
    return rows if place.thread or all_of_it.exists() else rows.personal()
