"""The threads that a person is in: they wrote there, or something there was for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery

from messaging.models.messages.message import Message
from messaging.models.messages.notification import Notification
from messaging.models.messages.thread_summaries import thread_summaries
from messaging.models.people.user import User

PAGE_SIZE = 20


@dataclass
class Thread:
    root: Message
    last: Message
    replies: int
    unread: int


@dataclass
class InboxPage:
    """Some threads, the latest first, and the `before` of the next page: None on the last page."""

    threads: list[Thread]
    older: int | None


def threads_of(user: User, unread_only: bool = False, before: int | None = None) -> InboxPage:
    """The person's threads, ordered by their latest unremoved reply. A fixed number of queries.

    Args:
        before: only threads whose latest reply has a smaller id than this.
    """
    notified = user.notifications.replies().order_by()
    if unread_only:
        mine = notified.filter(read_at=None).values("thread_root")
    else:
        wrote = Message.rows.filter(sender=user, thread_root__isnull=False, removed_at=None).order_by()
        # A UNION: for an OR of two subqueries PostgreSQL reads the whole table.
        mine = notified.values("thread_root").union(wrote.values("thread_root"))
    latest = Message.rows.filter(thread_root=OuterRef("pk"), removed_at=None).order_by("-seq")
    roots = Message.objects.visible_to(user).filter(pk__in=mine)
    replied = roots.annotate(last=Subquery(latest.values("pk")[:1])).filter(last__isnull=False)
    if before is not None:
        replied = replied.filter(last__lt=before)
    found = list(replied.order_by("-last").values_list("pk", "last")[: PAGE_SIZE + 1])
    page = found[:PAGE_SIZE]
    return InboxPage(_threads(user, page), page[-1][1] if len(found) > PAGE_SIZE else None)


def _threads(user: User, page: Sequence[tuple[int, int]]) -> list[Thread]:
    # Each pair is the ids of a root and of its latest reply.
    ids = [root for root, _ in page]
    messages = Message.rows.select_related("sender").in_bulk({pk for pair in page for pk in pair})
    summaries = thread_summaries(ids)
    unread = Notification.objects.filter(user=user, read_at=None, thread_root__in=ids)
    counts = dict(unread.values_list("thread_root").annotate(Count("pk")).order_by())
    return [
        Thread(messages[root], messages[last], summaries[root].count, counts.get(root, 0))
        for root, last in page
        if {root, last} <= messages.keys() and root in summaries
    ]
