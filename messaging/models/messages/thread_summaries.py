"""What a root says of its thread: how many replies, by whom, and when the last one came."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet

from messaging.models.db.prepared import prepared
from messaging.models.messages.message import Message
from messaging.models.people.consequences import SHOWN
from messaging.models.people.seen import person_seen
from messaging.models.people.user import User

SHOWN_AUTHORS = 3


@dataclass
class Summary:
    count: int = 0
    last_at: datetime | None = None
    authors: list[User] = field(default_factory=list)


def thread_summaries(root_ids: Collection[int]) -> dict[int, Summary]:
    """The summaries of those threads that have replies, by the root's id: one query."""
    summaries: dict[int, Summary] = {}
    for root, sender, count, last_at, *shown in _authors(list(root_ids)):
        summary = summaries.setdefault(root, Summary(last_at=last_at))
        summary.count += count
        if len(summary.authors) < SHOWN_AUTHORS:
            summary.authors.append(person_seen(sender, dict(zip(SHOWN, shown, strict=True))))
    return summaries


@prepared
def _authors(  # type: ignore[explicit-any] # a row of several columns
    root_ids: list[int],
) -> QuerySet[Message, tuple[Any, ...]]:
    """Who has written how much in each thread: the one who wrote last comes first."""
    groups = Message.rows.filter(thread_root__in=root_ids, removed_at=None).values(
        "thread_root_id", "sender_id", *(f"sender__{field}" for field in SHOWN)
    )
    counted = groups.annotate(count=Count("pk"), last_at=Max("timestamp")).order_by("-last_at")
    shown = [f"sender__{field}" for field in SHOWN]
    return counted.values_list("thread_root_id", "sender_id", "count", "last_at", *shown)
