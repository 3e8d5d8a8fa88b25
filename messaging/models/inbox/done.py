"""Being done with what waits: all of it is marked as read with one time, by which undoing finds it again."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from messaging.models.conversations.kind import Kind
from messaging.models.inbox.places import Place, unread_at
from messaging.models.inbox.waiting import Filter
from messaging.models.messages.message import Message
from messaging.models.messages.notification import NotificationQuerySet
from messaging.models.people.user import User

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Marked:
    """What was marked as read at once.

    `first` is the id of the first of these notifications, so that finding them does not read all older ones.
    """

    at: datetime
    first: int
    count: int

    @property
    def moment(self) -> int:
        """When it was, in microseconds since 1970: a number for forms and addresses."""
        return (self.at - EPOCH) // MICROSECOND


def finish(user: User, place: Place, until: int) -> Marked | None:
    """Mark what waits at a place as read.

    Args:
        until: the id of the last notification to mark. Later ones were not seen.

    Returns:
        What was marked; None if nothing was unread.
    """
    return mark(user, unread_at(user, place).filter(pk__lte=until))


def mark(user: User, rows: NotificationQuerySet) -> Marked | None:
    """Mark these notifications of the person, which are unread, as read. None if there are none."""
    now = timezone.now()
    with transaction.atomic():
        first = rows.aggregate(first=Min("pk"))["first"]
        count = Message.unread_messages.set_read_at(user, rows, now) if first else 0
    return Marked(now, first, count) if count else None


def unread_in(user: User, shown_by: str) -> NotificationQuerySet:
    """The person's unread notifications: all, or those that a filter of the inbox shows."""
    unread: NotificationQuerySet = user.notifications.filter(read_at=None)
    if shown_by == Filter.FOR_ME:
        return unread.personal()
    if shown_by == Filter.THREADS:
        return unread.replies()
    if shown_by == Filter.ROOMS:
        return unread.filter(thread_root=None).exclude(conversation__kind=Kind.DIRECT)
    return unread


def marked_at(user: User, at: datetime, first: int) -> NotificationQuerySet:
    """The person's notifications that were marked at this moment and may be unread again: not of people whom
    they block, and not in archived rooms."""
    rows = user.notifications.filter(pk__gte=first, read_at=at, conversation__archived_at=None)
    return rows.exclude(message__sender__in=user.blocks.values("blocked"))


def undo(user: User, moment: int, first: int) -> int:
    """Mark as unread again what was marked as read at this moment, and was not marked again since. What was
    put off at this moment does not come back later.

    Args:
        moment: `Marked.moment`.
        first: `Marked.first`.

    Returns:
        How many messages these are.
    """
    try:
        at = EPOCH + moment * MICROSECOND
    except OverflowError:
        return 0
    with transaction.atomic():
        User.objects.filter(pk=user.pk).raise_version()  # which locks the person
        user.put_off.filter(put_off_at=at).delete()
        return Message.unread_messages.set_read_at(user, marked_at(user, at, first), None)
