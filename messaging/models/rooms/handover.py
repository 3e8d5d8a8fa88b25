"""Who looks after a room when the last of its administrators goes: so that a private one stays in somebody's
hands, whose people could otherwise all add others, and which nobody could archive or remove."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Case, Value, When

from messaging.models.conversations.membership import Membership
from messaging.models.people.user import User

ADMIN, MODERATOR = Membership.Role.ADMIN, Membership.Role.MODERATOR


class Succession(models.Model):
    """How a `Conversation` that is a room comes from the hands of one administrator into another's."""

    class Meta:
        abstract = True

    def is_led_by(self: Any, *people: int) -> bool:
        """Whether one of these people, by their ids, is an administrator of the room, and nobody else is."""
        administrators = self.memberships.filter(role=ADMIN)
        others = administrators.able().exclude(user__in=people)
        return self.is_room and administrators.filter(user__in=people).exists() and not others.exists()

    def successor_of(self: Any, *people: int) -> Membership | None:
        """Who becomes its administrator without these people: of the moderators, or else of all members,
        whoever has been in it longest. None where they don't lead it, or nobody is left who could."""
        return self._next_after(people) if self.is_led_by(*people) else None

    def hand_over(self: Any, people: Collection[int], by: User | None) -> User | None:
        """Under the lock, before these people go: make somebody else its administrator, if need be.

        Args:
            by: who does what they go by.
        """
        successor = self.successor_of(*people)
        return self._pass_on(successor, by) if successor else None

    def find_administrator(self: Any, by: User) -> None:
        """Under the lock, when a room that had one is back: its own, or else somebody else."""
        successor = self._next_after([])
        if successor and not self.memberships.able().filter(role=ADMIN).exists():
            self._pass_on(successor, by)

    def _next_after(self: Any, people: Collection[int]) -> Membership | None:
        rank = Case(When(role=MODERATOR, then=Value(0)), default=Value(1))
        left = self.memberships.able().exclude(user__in=people).select_related("user")
        found: Membership | None = left.order_by(rank, "joined_at", "pk").first()
        return found

    def _pass_on(self: Any, successor: Membership, by: User | None) -> User:
        self.memberships.filter(pk=successor.pk).update(role=ADMIN)
        self._write_down(by, "HANDED_OVER", person=successor.user)
        return successor.user


def hand_rooms_over(people: Collection[int], by: User | None) -> None:
    """Before these people go from everywhere, whose conversations are locked: `hand_over` of each room."""
    from messaging.models.conversations.conversation import Conversation

    led = Conversation.objects.filter(memberships__user__in=people, memberships__role=ADMIN)
    for room in led.distinct().order_by("pk"):
        room.hand_over(people, by)
