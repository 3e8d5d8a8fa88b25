"""Who is in a conversation: how people are put into it and leave it, each through its one door."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q

from messaging.models.conversations.membership import Membership
from messaging.models.conversations.room_bans import Exclusion
from messaging.models.db.changes import NEXT_VERSION
from messaging.models.people.user import User


class Seating(models.Model):
    """How people come into a `Conversation` and go."""

    class Meta:
        abstract = True

    def add(self: Any, user: User, role: str = Membership.Role.MEMBER) -> Membership:
        """Make the person a member, whoever they are. Nothing happens if they are one.

        Raises:
            User.DoesNotExist: they were erased meanwhile.
            Membership.DoesNotExist: the room was removed.
        """
        if self.is_direct:
            raise ValidationError("A direct conversation stays between its two people.", code="direct")
        with suppress(self.Refused):
            self._let_in(user, {"there": self._is_there()}, role)
        return Membership.objects.get(conversation=self, user=user)

    def join(self: Any, user: User) -> None:
        """The person walks in. Nothing happens if they are a member.

        Raises:
            Conversation.Refused: they may not (any more), see `entered_by`.
            User.DoesNotExist: they were erased meanwhile.
        """
        self._let_in(user, {"open": self.entered_by(user)})

    def admit(self: Any, user: User, by: User) -> None:
        """The person comes in by an invitation. Nothing happens if they are a member.

        Raises:
            Conversation.Refused: who made it, `by`, may not add people here (any more); the room was removed;
                or the person was taken out of it.
            User.DoesNotExist: they were erased meanwhile.
        """
        conditions = {"may_add": self.filled_by(by), "there": self._is_there()}
        self._let_in(user, {**conditions, "kept_out": ~self.keeps_out(user)})

    def add_people(self: Any, people: Iterable[User], by: User) -> None:
        """Make these people members, those too who were taken out; those who are already stay what they are.

        Raises:
            Conversation.Refused: `by` may not (any more), see `may_add`.
            User.DoesNotExist: one of them was erased meanwhile.
        """
        conditions = {"may_add": self.filled_by(by), "there": self._is_there()}
        with self.writing(conditions, members_version=NEXT_VERSION):
            inside = set(self.memberships.filter(user__in=people).values_list("user_id", flat=True))
            self._seat(person for person in people if person.pk not in inside)

    def may_add(self: Any, user: User) -> bool:
        """Whether the person may add people: in public rooms and groups every member, in a private room its
        administrators, or every member where none of them is left. A guest nowhere."""
        return type(self).objects.filter(self.filled_by(user), pk=self.pk).exists()

    @classmethod
    def filled_by(cls: Any, user: User) -> ExpressionWrapper:
        """The condition of `may_add`, to be asked under the lock."""
        able = Membership.objects.able().filter(conversation=OuterRef("pk"))
        administrators = able.filter(role=Membership.Role.ADMIN)
        shut = Q(kind=cls.Kind.ROOM, is_private=True)
        open_to_all = ~shut | ~Exists(administrators) | Exists(administrators.filter(user=user))
        rule = ~Q(kind=cls.Kind.DIRECT) & Q(Exists(able.filter(user=user))) & open_to_all
        return ExpressionWrapper(rule, output_field=models.BooleanField())

    def remove(self: Any, user: User) -> None:
        """End the person's membership, with all that came with it; a room that they led passes on to its
        `successor_of` them. Nothing happens without one."""
        if self.is_direct:
            raise ValidationError("A direct conversation stays between its two people.", code="direct")
        with (
            suppress(self.Refused),
            self.writing({"member": self.has_member(user)}, members_version=NEXT_VERSION),
        ):
            self._unseat(user, by=user)

    @classmethod
    def entered_by(cls: Any, user: User) -> ExpressionWrapper:
        """The condition that the person may walk in, to be asked under the lock: that it is a room which is
        there, and they are in it; or it is public, and they are no guest and were not taken out."""
        able = User.objects.active().filter(pk=user.pk).exclude(role=User.Role.GUEST)
        is_open = Q(is_private=False) & ~Q(cls.keeps_out(user)) & Q(Exists(able))
        rule = Q(kind=cls.Kind.ROOM, removed_at=None) & (Q(cls.has_member(user)) | is_open)
        return ExpressionWrapper(rule, output_field=models.BooleanField())

    @staticmethod
    def keeps_out(user: User) -> Exists:
        """The condition that the person was taken out, and that nobody has added them again."""
        return Exists(Exclusion.objects.filter(conversation=OuterRef("pk"), user=user))

    @staticmethod
    def has_member(user: User) -> Exists:
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
        mine = Membership.objects.moderating().filter(conversation=OuterRef("pk"), user=user)
        rule = Q(kind=self.Kind.ROOM) & Q(Exists(mine))
        return ExpressionWrapper(rule, output_field=models.BooleanField())

    def _is_there(self: Any) -> ExpressionWrapper:
        """The condition that nobody removed it: into a removed room nobody comes, whatever way they know."""
        return ExpressionWrapper(Q(removed_at=None), output_field=models.BooleanField())

    def _let_in(
        self: Any, user: User, conditions: dict[str, Any], role: str = Membership.Role.MEMBER
    ) -> None:
        """Seat the person under these conditions; members are passed over, whatever else is true."""
        try:
            with self.writing({"new": ~self.has_member(user), **conditions}, members_version=NEXT_VERSION):
                self._seat([user], role)
        except self.Refused as refusal:
            if refusal.args != ("new",):
                raise

    def _unseat(self: Any, user: User, by: User) -> User | None:
        """Under the lock: end the place of a member. Returns who leads the room from here on, if they did."""
        User.objects.filter(pk=user.pk).moved()
        successor: User | None = self.hand_over([user.pk], by)
        self.memberships.filter(user=user).end()
        return successor

    def _seat(self: Any, people: Iterable[User], role: str = Membership.Role.MEMBER) -> None:
        """Under the lock: give these people a place, who have none. From here on nobody keeps them out."""
        ids = sorted({person.pk for person in people})
        levels = User.objects.take(ids)
        Exclusion.objects.filter(conversation=self, user__in=ids).delete()
        Membership.objects.bulk_create(
            Membership(conversation=self, user_id=pk, role=role, level=self._level(levels[pk])) for pk in ids
        )

    def _level(self: Any, preferred: str) -> str:
        """How loud it is for who comes in: as they prefer it in rooms. Between people, everything counts."""
        return preferred if self.is_room else Membership.Level.ALL
