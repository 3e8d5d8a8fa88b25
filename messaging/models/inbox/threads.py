"""The threads that a person is in: they wrote there, or something there was for them, or they follow it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Subquery

from messaging.models.conversations.membership import Membership
from messaging.models.messages.following import followed_among
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
    is_followed: bool


@dataclass
class ThreadPage:
    """Some threads, the latest first, and the `before` of the next page: None on the last page."""

    threads: list[Thread]
    older: int | None


def threads_of(user: User, before: int | None = None) -> ThreadPage:
    """The person's threads, ordered by their latest unremoved reply. A fixed number of queries.

    Args:
        before: only threads whose latest reply has a smaller id than this.
    """
    notified = user.notifications.replies().order_by()
    wrote = Message.rows.filter(sender=user, thread_root__isnull=False, removed_at=None).order_by()
    # A UNION: for an OR of two subqueries PostgreSQL reads the whole table.
    chosen = user.thread_choices.filter(is_following=True).order_by()
    mine = notified.values("thread_root").union(wrote.values("thread_root"), chosen.values("thread_root"))
    latest = Message.rows.filter(thread_root=OuterRef("pk"), removed_at=None).order_by("-seq")
    # Not `visible_to`: it joins memberships, and SQLite then reads every message of all those conversations.
    member = Membership.objects.filter(conversation=OuterRef("conversation"), user=user)
    roots = Message.objects.filter(Exists(member), pk__in=mine)
    # None for a root without replies. A filter would look up the latest reply of each root a second time.
    replied = roots.annotate(last=Subquery(latest.values("pk")[:1]))
    if before is not None:
        replied = replied.filter(last__lt=before)
    pairs = replied.order_by(F("last").desc(nulls_last=True)).values_list("pk", "last")[: PAGE_SIZE + 1]
    found = [(root, last) for root, last in pairs if last is not None]
    page = found[:PAGE_SIZE]
    return ThreadPage(_threads(user, page), page[-1][1] if len(found) > PAGE_SIZE else None)


def _threads(user: User, page: Sequence[tuple[int, int]]) -> list[Thread]:
    # Each pair is the ids of a root and of its latest reply.
    ids = [root for root, _ in page]
    messages = Message.rows.select_related("sender").in_bulk({pk for pair in page for pk in pair})
    summaries = thread_summaries(ids)
    unread = Notification.objects.filter(user=user, read_at=None, thread_root__in=ids)
    followed = followed_among(user, ids)
    counts = dict(unread.values_list("thread_root").annotate(Count("pk")).order_by())
    return [
        Thread(messages[root], messages[last], summaries[root].count, counts.get(root, 0), root in followed)
        for root, last in page
        if {root, last} <= messages.keys() and root in summaries
    ]
