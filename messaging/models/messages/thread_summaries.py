"""What a root says of its thread: how many replies, by whom, and when the last one came."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Max

from messaging.models.messages.message import Message
from messaging.models.people.user import SHOWN, User

SHOWN_AUTHORS = 3


@dataclass
class Summary:
    count: int = 0
    last_at: datetime | None = None
    authors: list[User] = field(default_factory=list)


def thread_summaries(root_ids: Collection[int]) -> dict[int, Summary]:
    """The summaries of those threads that have replies, by the root's id: one query."""
    replies = Message.rows.filter(thread_root__in=root_ids, removed_at=None)
    groups = replies.values("thread_root_id", "sender_id", *(f"sender__{field}" for field in SHOWN))
    summaries: dict[int, Summary] = {}
    for group in groups.annotate(count=Count("pk"), last_at=Max("timestamp")).order_by("-last_at"):
        summary = summaries.setdefault(group["thread_root_id"], Summary(last_at=group["last_at"]))
        summary.count += group["count"]
        if len(summary.authors) < SHOWN_AUTHORS:
            shown = {field: group[f"sender__{field}"] for field in SHOWN}
            summary.authors.append(User(pk=group["sender_id"], **shown))
    return summaries
