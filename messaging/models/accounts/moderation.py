"""What a person may do in the installation, and who may change that. What is decided about
others is written in the audit log.

Whoever decides about somebody stands above them: owners decide about everyone, administrators about members
and guests. One active owner is always left.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from messaging.models.db.changes import NEXT_VERSION

REFUSALS = {
    "rights": "Only owners may do this.",
    "yourself": "Somebody else has to do this to you.",
    "last_owner": "This is the only owner. Make somebody else an owner first.",
    "leaving": "They are deleting their account.",
}


def refused(reason: str) -> ValidationError:
    return ValidationError(REFUSALS[reason], code=reason)


class Standing(models.Model):
    """How a `User` gets a role, loses their place, and gets it back."""

    class Meta:
        abstract = True

    def may_decide_about(self: Any, person: Any) -> bool:
        """Whether this person may deactivate the other, or change their role within what they may give."""
        if not (self.is_active and self.is_administrator) or person == self:
            return False
        return self.role == self.Role.OWNER or not person.is_administrator

    def roles_to_give(self: Any, person: Any) -> list[str]:
        """The roles that this person may give to the other."""
        if not self.may_decide_about(person):
            return []
        if self.role == self.Role.OWNER:
            return list(self.Role.values)
        return [self.Role.MEMBER, self.Role.GUEST]

    def may_make_rooms(self: Any, installation: Any) -> bool:
        """Whether the person may make rooms, by the rule of the site."""
        if installation.room_makers == installation.RoomMakers.ADMINISTRATORS:
            return bool(self.is_administrator)
        return not self.is_guest

    def change_role(self: Any, role: str, by: Any) -> None:
        """Give the person another role. A guest stays where they are, but rooms that they led pass on.

        Raises:
            ValidationError: `by` may not, or the person is the only owner.
            User.DoesNotExist: one of the two is gone.
        """
        everywhere = self.everywhere() if role == self.Role.GUEST else nullcontext()
        with everywhere, self._deciding(by) as (person, judge):
            if role not in judge.roles_to_give(person):
                raise refused("rights")
            before = person.role
            if role != before:
                person.role = role
                person.save(update_fields=["role"])
                self._write_down(by, "CHANGED_ROLE", role=[before, role])
                if role == self.Role.GUEST:
                    person.hand_rooms_over(by)
        self.role = role

    def deactivate(self: Any, by: Any) -> None:
        """Sign the person out everywhere and let them in no more. Their words stay.

        Raises:
            ValidationError: `by` may not, the person is the only owner, or is deleting their account.
            User.DoesNotExist: one of the two is gone.
        """
        with self.everywhere(), self._deciding(by) as (person, judge):
            self._let_in(False, person, judge)

    def ban(self: Any, by: Any, with_words: bool = False) -> Any:
        """Deactivate the person for misbehaviour: what could bring them back ends, too. Nobody comes in by
        the invitations that they made, and none is used by their address.

        Args:
            with_words: remove what they wrote in rooms and groups; that cannot be taken back.

        Returns:
            The `Departure` that removes their words, if these are to go: somebody has to finish it.

        Raises:
            ValidationError, User.DoesNotExist: as `deactivate`.
        """
        from messaging.models.accounts.deletion import Departure

        with self.everywhere(), self._deciding(by) as (person, judge):
            self._let_in(False, person, judge)
            now = timezone.now()
            type(self).objects.filter(pk=person.pk).update(banned_at=now)
            person.invitations.filter(revoked_at=None).update(revoked_at=now)
            self._write_down(by, "BANNED", with_words=with_words)
            return Departure.objects.begin_with_words(person) if with_words else None

    def reactivate(self: Any, by: Any) -> None:
        """Let the person in again, whether they were deactivated or banned; raises what `deactivate` does."""
        with self._deciding(by) as (person, judge):
            self._let_in(True, person, judge)

    def step_down(self: Any) -> None:
        """An owner becomes a member, before they leave altogether. Nothing happens to anybody else.

        Raises:
            ValidationError: they are the only owner of those who are left.
        """
        with self._deciding(self) as (person, _):
            if person.role == self.Role.OWNER:
                person.role = self.Role.MEMBER
                person.save(update_fields=["role"])
        self.role = person.role

    def hand_rooms_over(self: Any, by: Any) -> None:
        """Under the locks of `everywhere()`: the rooms that the person leads pass on to others."""
        from messaging.models.rooms.handover import hand_rooms_over

        hand_rooms_over([self.pk], by)

    def _let_in(self: Any, is_active: bool, person: Any, judge: Any) -> None:
        """What `person`, who is locked, is to be from here on; written down if that is something else."""
        from messaging.models.accounts.deletion import Departure

        if not judge.may_decide_about(person):
            raise refused("yourself" if person == judge else "rights")
        if Departure.objects.unfinished().filter(user=person, account_goes=True).exists():
            raise refused("leaving")
        if person.is_active != is_active or (is_active and person.banned_at):
            person.is_active = is_active
            if is_active:
                person.banned_at = None
            person.save(update_fields=["is_active", "banned_at"])
            if not is_active:
                person.sessions.all().delete()
                person.hand_rooms_over(judge)
            self._write_down(judge, "REACTIVATED" if is_active else "DEACTIVATED")
        self.is_active = is_active

    @contextmanager
    def everywhere(self: Any) -> Iterator[None]:
        """All conversations that the person is in, under their locks: what they are sending to one of them
        is sent before, or is refused; and open pages hear that they have gone."""
        from messaging.models.conversations.conversation import Conversation

        with Conversation.objects.filter(memberships__user=self).writing(members_version=NEXT_VERSION):
            yield

    @contextmanager
    def _deciding(self: Any, by: Any) -> Iterator[tuple[Any, Any]]:
        """The person and who decides, as they are under a lock that all who decide about owners wait for.

        Raises ValidationError at the end, and nothing is done, where no active owner would be left to the
        others.
        """
        everyone = type(self).objects.all()
        owners = Q(role=self.Role.OWNER, is_active=True)
        with transaction.atomic():
            locked = everyone.filter(owners | Q(pk__in=[self.pk, by.pk])).order_by("pk")
            found = {person.pk: person for person in locked.select_for_update(no_key=True)}
            if not {self.pk, by.pk} <= found.keys():
                raise type(self).DoesNotExist("This person is gone.")
            was_owner = found[self.pk].role == self.Role.OWNER and found[self.pk].is_active
            yield found[self.pk], found[by.pk]
            others = everyone.active().exclude(pk=self.pk)
            if was_owner and others.exists() and not everyone.filter(owners).exists():
                raise refused("last_owner")

    def _write_down(self: Any, by: Any, act: str, **details: Any) -> None:
        from messaging.models.site.audit_log import AuditEntry

        AuditEntry.objects.record(by, AuditEntry.Act[act], person=self, **details)
