"""Statuses in sidebars: setting one, and when the first of those that a sidebar shows ends."""

from datetime import datetime

from django.db.models import Subquery

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.kind import Kind
from messaging.models.conversations.membership import Membership
from messaging.models.db.changes import NEXT_VERSION
from messaging.models.people.status import clean_status
from messaging.models.people.user import User


def set_status(user: User, status: str, until: datetime | None = None) -> None:
    """Set the person's status, or clear it with an empty text.

    Open pages that show it in their sidebar are updated in the same way as after a room is renamed: by the
    versions of the direct conversations. No list of messages shows a status, so these stay cached.

    Args:
        until: when it ends; None if it does not end by itself.

    Raises:
        ValidationError: the text is too long, or has nothing that can be seen.
        Gone: they were deleted meanwhile.
    """
    status = clean_status(status)
    until = until if status else None
    if (status, until) == (user.status, user.status_until):
        return
    direct = Conversation.objects.filter(kind=Kind.DIRECT, memberships__user=user)
    with direct.writing(members_version=NEXT_VERSION):
        user.status, user.status_until = status, until
        user.save(update_fields=["status", "status_until"])


def next_status_end(reader_id: int, now: datetime) -> Subquery:  # type: ignore[explicit-any] # Subquery is one
    """When the first of the statuses that the person's sidebar shows ends: until then its cache is good.

    It depends on no outer row, so a query evaluates it once.
    """
    beside = Membership.objects.filter(
        conversation__kind=Kind.DIRECT,
        conversation__memberships__user=reader_id,
        user__status_until__gt=now,
    ).exclude(user=reader_id)
    return Subquery(beside.order_by("user__status_until").values("user__status_until")[:1])
