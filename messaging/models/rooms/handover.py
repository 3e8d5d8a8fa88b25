"""Who becomes a room's administrator when it would have none left.

Without one, every member of a private room could add people, and only administrators of the site who are
members could archive or remove it.
"""

from collections.abc import Collection

from django.db.models import Case, Value, When

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.membership import Membership
from messaging.models.people.user import User
from messaging.models.site.audit_log import AuditEntry

ADMIN, MODERATOR = Membership.Role.ADMIN, Membership.Role.MODERATOR


def is_last_administrator(room: Conversation, *people: int) -> bool:
    """Whether one of these people, by their ids, is an administrator of the room, and nobody else is."""
    administrators = room.memberships.filter(role=ADMIN)
    others = administrators.active_non_guests().exclude(user__in=people)
    return room.is_room and administrators.filter(user__in=people).exists() and not others.exists()


def successor_of(room: Conversation, *people: int) -> Membership | None:
    """The next administrator if these people stop being one: the longest-standing moderator, or else the
    longest-standing member.

    None if another administrator remains, or nobody can become one.
    """
    return _next_after(room, people) if is_last_administrator(room, *people) else None


def hand_over(room: Conversation, people: Collection[int], by: User | None) -> User | None:
    """Before these people stop administering the room, under its lock: appoint somebody else, if needed.

    Args:
        by: the user whose action this follows from; None when people are deleted.

    Returns:
        The new administrator.
    """
    successor = successor_of(room, *people)
    return _make_administrator(room, successor, by) if successor else None


def hand_over_all(people: Collection[int], by: User | None) -> None:
    """`hand_over` for every room that these people administer, before they are deleted, deactivated or become
    guests. Their conversations must be locked."""
    led = Conversation.objects.filter(memberships__user__in=people, memberships__role=ADMIN)
    for room in led.distinct().order_by("pk"):
        hand_over(room, people, by)


def ensure_administrator(room: Conversation, by: User) -> None:
    """Under the lock, when a room that had an administrator is restored: appoint one, if none is left."""
    successor = _next_after(room, [])
    if successor and not room.memberships.active_non_guests().filter(role=ADMIN).exists():
        _make_administrator(room, successor, by)


def _next_after(room: Conversation, people: Collection[int]) -> Membership | None:
    rank = Case(When(role=MODERATOR, then=Value(0)), default=Value(1))
    left = room.memberships.active_non_guests().exclude(user__in=people).select_related("user")
    return left.order_by(rank, "joined_at", "pk").first()


def _make_administrator(room: Conversation, successor: Membership, by: User | None) -> User:
    room.memberships.filter(pk=successor.pk).update(role=ADMIN)
    act = AuditEntry.Act.HANDED_OVER
    AuditEntry.objects.record(by, act, person=successor.user, conversation=room)
    return successor.user
