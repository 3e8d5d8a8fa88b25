"""How unread messages are counted for badges, as expressions of a query: each number up to 100."""

from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from messaging.models.inbox.reminders import Reminder
from messaging.models.messages.notification import NotificationQuerySet
from messaging.models.people.preferences import NotificationLevel

UNREAD_COUNTED = 100  # shown as "99+": so 100,000 unread cost what 100 do


class CappedCount(Subquery):  # type: ignore[explicit-any] # Subquery is one
    """How many rows a (sliced) subquery has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS capped)"
    output_field = BigIntegerField()


def capped(rows: "QuerySet[Any]") -> CappedCount:  # type: ignore[explicit-any] # rows of any model
    return CappedCount(rows.values("pk")[:UNREAD_COUNTED])


def due_count(user: "int | OuterRef") -> CappedCount:
    """How many reminders are in a person's inbox. They count as what is personal, in no conversation."""
    return capped(Reminder.objects.filter(user=user, is_due=True))


def badge_count(level: str, rows: NotificationQuerySet, personal: NotificationQuerySet) -> Case:
    """How many of the unread rows of a conversation its badge counts: by the member's notification level
    (`level` names the column) all, those that are personal, or none. The rows exist in any case."""
    return Case(
        When(**{f"{level}__in": NotificationLevel.counting_all()}, then=capped(rows)),
        When(**{level: NotificationLevel.PERSONAL}, then=capped(personal)),
        default=Value(0),
        output_field=BigIntegerField(),
    )


def is_hidden(membership: str = "", conversation: str = "") -> Case:
    """1 if the person has hidden the conversation, and nothing was said in it since.

    Args:
        membership: the look-up that leads to the membership, as "memberships__"; likewise `conversation`.
    """
    hidden_at, latest = f"{membership}hidden_at", f"{conversation}last_message_at"
    nothing_new = Q(**{f"{latest}__isnull": True}) | Q(**{f"{hidden_at}__gte": F(latest)})
    hidden = When(Q(**{f"{hidden_at}__isnull": False}) & nothing_new, then=Value(1))
    return Case(hidden, default=Value(0), output_field=IntegerField())
