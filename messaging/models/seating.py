"""Who is in a conversation: how people are put into it and leave it, each through its one door."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q

from messaging.models.conversation_queries import NEXT_VERSION
from messaging.models.memberships import Membership
from messaging.models.users import User


class Seating(models.Model):
    """How people come into a `Conversation` and go."""

    class Meta:
        abstract = True

    def add(self: Any, user: User, role: str = Membership.Role.MEMBER) -> Membership:
        """Make the person a member. Nothing happens if they are one.

        Raises:
            User.DoesNotExist: they were erased meanwhile.
            Membership.DoesNotExist: the room was removed.
        """
        if self.is_direct:
            raise ValidationError("A direct conversation stays between its two people.", code="direct")
        try:
            conditions = {"new": ~self.has_member(user), "there": self._is_there()}
            with self.writing(conditions, members_version=NEXT_VERSION):
                level = self._level(User.objects.take([user.pk])[user.pk])
                return Membership.objects.create(conversation=self, user=user, role=role, level=level)
        except self.Refused:
            return Membership.objects.get(conversation=self, user=user)

    def add_people(self: Any, people: Iterable[User], by: User) -> None:
        """Make these people members; those who are already stay what they are.

        Raises:
            Conversation.Refused: `by` may not (any more), see `may_add`.
            User.DoesNotExist: one of them was erased meanwhile.
        """
        conditions = {"may_add": self._may_add(by), "there": self._is_there()}
        with self.writing(conditions, members_version=NEXT_VERSION):
            inside = set(self.memberships.filter(user__in=people).values_list("user_id", flat=True))
            self._seat(person for person in people if person.pk not in inside)

    def may_add(self: Any, user: User) -> bool:
        """Whether the person may add people: in public rooms and groups every member, in a private room its
        administrators, or every member where none of them is left. A guest nowhere."""
        return type(self).objects.filter(self._may_add(user), pk=self.pk).exists()

    def remove(self: Any, user: User) -> None:
        """End the person's membership; with all that came with it. Nothing happens without one."""
        if self.is_direct:
            raise ValidationError("A direct conversation stays between its two people.", code="direct")
        with (
            suppress(self.Refused),
            self.writing({"member": self.has_member(user)}, members_version=NEXT_VERSION),
        ):
            User.objects.filter(pk=user.pk).moved()
            Membership.objects.filter(conversation=self, user=user).end()

    def has_member(self: Any, user: User) -> Exists:
        """The condition that the person is a member, to be asked under the lock."""
        return Exists(Membership.objects.filter(conversation=OuterRef("pk"), user=user))

    def has_writer(self: Any, user: User) -> Exists:
        """The condition that the person is a member, and was not shut out of the site meanwhile."""
        mine = Membership.objects.filter(conversation=OuterRef("pk"), user=user, user__is_active=True)
        return Exists(mine)

    def may_moderate(self: Any, user: User) -> bool:
        """Whether the person may act on what others wrote here: a moderator or administrator of this room,
        or one of the site's administrators who is in it. Groups and direct conversations have no moderators.
        """
        return type(self).objects.filter(self.moderated_by(user), pk=self.pk).exists()

    def moderated_by(self: Any, user: User) -> ExpressionWrapper:
        """The condition of `may_moderate`, to be asked under the lock."""
        mine = Membership.objects.filter(conversation=OuterRef("pk"), user=user)
        if not user.is_administrator:
            mine = mine.exclude(role=Membership.Role.MEMBER)
        rule = Q(kind=self.Kind.ROOM) & Q(Exists(mine))
        return ExpressionWrapper(rule, output_field=models.BooleanField())

    def _is_there(self: Any) -> ExpressionWrapper:
        """The condition that nobody removed it: into a removed room nobody comes, whatever way they know."""
        return ExpressionWrapper(Q(removed_at=None), output_field=models.BooleanField())

    def _may_add(self: Any, user: User) -> ExpressionWrapper:
        administrators = Membership.objects.filter(conversation=OuterRef("pk"), role=Membership.Role.ADMIN)
        shut = Q(kind=self.Kind.ROOM, is_private=True)
        open_to_all = ~shut | ~Exists(administrators) | Exists(administrators.filter(user=user))
        rule = ~Q(kind=self.Kind.DIRECT) & Q(self.has_writer(user)) & open_to_all
        if user.is_guest:
            rule &= Q(pk=None)
        return ExpressionWrapper(rule, output_field=models.BooleanField())

    def _seat(self: Any, people: Iterable[User], role: str = Membership.Role.MEMBER) -> None:
        ids = sorted({person.pk for person in people})
        levels = User.objects.take(ids)
        Membership.objects.bulk_create(
            Membership(conversation=self, user_id=pk, role=role, level=self._level(levels[pk])) for pk in ids
        )

    def _level(self: Any, preferred: str) -> str:
        """How loud it is for who comes in: as they prefer it in rooms. Between people, everything counts."""
        return preferred if self.is_room else Membership.Level.ALL
