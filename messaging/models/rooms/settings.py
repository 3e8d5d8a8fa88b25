"""How a room is looked after: what it is called, who does what in it, archived or removed, and the way back.

Only rooms are looked after; a group or a direct conversation has nobody who could. Each act but a new name
is written in the audit log.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone

from messaging.models.conversations.membership import Membership
from messaging.models.conversations.queryset import NAME_TAKEN, TAKEN_BACK_WITHIN
from messaging.models.db.changes import NEXT_VERSION
from messaging.models.people.user import User
from messaging.text import clean_text


class Already(Exception):
    """It is so already: the version is taken back, and nobody hears of it."""


class Keeping(models.Model):
    """What the administrators of a room do with a `Conversation`."""

    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    # Who was in it when it was removed: [[user id, role], …]
    removed_members = models.JSONField(null=True, editable=False)

    class Meta:
        abstract = True

    def may_keep(self: Any, user: User) -> bool:
        """Whether the person looks after this room: one of its administrators, or one of the site's who is in
        it."""
        return type(self).objects.filter(self.kept_by(user), pk=self.pk).exists()

    def kept_by(self: Any, user: User) -> ExpressionWrapper:
        """The condition of `may_keep`, to be asked under the lock."""
        mine = Membership.objects.keeping().filter(conversation=OuterRef("pk"), user=user)
        return ExpressionWrapper(Q(kind=self.Kind.ROOM) & Q(Exists(mine)), output_field=models.BooleanField())

    def rename(self: Any, name: str, topic: str, by: User) -> None:
        """Give the room another name and topic.

        Raises:
            ValidationError: as `create_room`.
            Conversation.Refused: `by` may not.
        """
        name = clean_text(name, max_length=80, single_line=True)
        topic = clean_text(topic, max_length=250, single_line=True) if topic.strip() else ""
        with self._named(name), self._kept(by, name=name, topic=topic, room_key=self.key_of(name)):
            pass
        self.name, self.topic = name, topic

    def give_role(self: Any, user: User, role: str, by: User) -> None:
        """Make a member a moderator or an administrator of the room, or a member again. Nothing happens to
        who is no member; a guest, and who is let in no more, can be made no more than that.

        Raises:
            Conversation.Refused: `by` may not; or ("last_administrator") nobody else would be one.
        """
        with self._kept(by):
            if role != Membership.Role.ADMIN and self.is_led_by(user.pk):
                raise self.Refused("last_administrator")
            seat = self.memberships.filter(user=user).exclude(role=role)
            if role != Membership.Role.MEMBER:
                seat = seat.able()
            if seat.update(role=role):
                self._write_down(by, "CHANGED_ROOM_ROLE", person=user, role=role)

    def remove_member(self: Any, user: User, by: User) -> User | None:
        """Take somebody out of the room; they come in again when somebody adds them (`Exclusion`).

        Returns:
            Who became its administrator in their place, if they led it.

        Raises:
            Conversation.Refused: `by` may not.
        """
        successor: User | None = None
        with self._kept(by):
            if self.memberships.filter(user=user).exists():
                successor = self._unseat(user, by)
                if user != by:
                    self.exclusions.get_or_create(user=user)
                self._write_down(by, "REMOVED_MEMBER", person=user)
        return successor

    def archive(self: Any, by: User) -> None:
        """From now on it can be read, not written to; it leaves the lists, and nothing in it is unread. An
        archived room stays archived as it was.

        Raises Conversation.Refused: `by` may not.
        """
        from messaging.models.messages.message import Message
        from messaging.models.messages.notification import Notification

        now = timezone.now()
        with suppress(Already), self._kept(by):
            self._become({"archived_at": None}, {"archived_at": now})
            unread = Notification.objects.filter(conversation=self, read_at=None)
            waiting = Message.rows.filter(pk__in=unread.values("message")).lock()
            unread.update(read_at=now)
            Message.rows.all().settle_read(waiting)
            self._write_down(by, "ARCHIVED")
        self.refresh_from_db(fields=["archived_at"])

    def restore(self: Any, by: User) -> None:
        """Open an archived room again; an open one stays as it was. Raises Conversation.Refused: `by` may
        not."""
        with suppress(Already), self._kept(by):
            self._become({"archived_at__isnull": False}, {"archived_at": None})
            self._write_down(by, "RESTORED")
        self.refresh_from_db(fields=["archived_at"])

    def take_away(self: Any, by: User) -> None:
        """Remove the room: from now on nobody is in it and nobody finds it. For 30 days it can be had back.

        Raises Conversation.Refused: `by` may not.
        """
        with self._kept(by, removed_at=timezone.now(), removed_by=by, room_key=None):
            seats = [list(seat) for seat in self.memberships.order_by("pk").values_list("user_id", "role")]
            type(self).objects.filter(pk=self.pk).update(removed_members=seats)
            self.members.all().moved()
            self.memberships.all().end()
            self._write_down(by, "REMOVED_ROOM")

    def bring_back(self: Any, by: User) -> None:
        """Undo `take_away`: who was in it, and is still here, is in it again.

        Raises:
            Conversation.Refused: it is not removed any more, or `by` may not, see `brought_back_by`.
            ValidationError: meanwhile there is another room of its name.
        """
        conditions = {"may": self.brought_back_by(by)}
        this = type(self).objects.filter(pk=self.pk)
        with self._named(self.name), self.writing(conditions, members_version=NEXT_VERSION):
            roles = dict(this.values_list("removed_members", flat=True).get())
            key = self.key_of(self.name)
            this.update(room_key=key, removed_at=None, removed_by=None, removed_members=None)
            people = list(User.objects.filter(pk__in=roles).order_by("pk").select_for_update(no_key=True))
            User.objects.filter(pk__in=[person.pk for person in people]).moved()
            seats = [
                Membership(conversation=self, user=one, role=roles[one.pk], level=one.joining_level)
                for one in people
            ]
            Membership.objects.bulk_create(seats)
            if Membership.Role.ADMIN in roles.values():
                self.find_administrator(by)
            self._write_down(by, "BROUGHT_BACK")

    @classmethod
    def brought_back_by(cls: Any, user: User) -> ExpressionWrapper:
        """The condition that the room is removed and the person can have it back, to be asked under the lock:
        for 30 days, who removed it and is no guest by now, and the owners."""
        in_time = Q(removed_at__gt=timezone.now() - TAKEN_BACK_WITHIN)
        able = User.objects.active().filter(pk=user.pk).exclude(role=User.Role.GUEST)
        may = Q(Exists(able.filter(role=User.Role.OWNER))) | Q(Exists(able), removed_by=user)
        return ExpressionWrapper(in_time & may, output_field=models.BooleanField())

    @property
    def goes_for_good_at(self) -> datetime | None:
        return self.removed_at and self.removed_at + TAKEN_BACK_WITHIN

    @contextmanager
    def _kept(self: Any, by: User, **changes: Any) -> Iterator[None]:
        with self.writing({"keeper": self.kept_by(by)}, members_version=NEXT_VERSION, **changes):
            yield

    def _become(self: Any, what_it_is: dict[str, Any], what_it_will_be: dict[str, Any]) -> None:
        """Raises Already, where it is something else. Its members' lists are others then."""
        if not type(self).objects.filter(pk=self.pk, **what_it_is).update(**what_it_will_be):
            raise Already
        self.members.all().moved()

    @contextmanager
    def _named(self: Any, name: str) -> Iterator[None]:
        """What is written inside gives the room this name, if it is free."""
        try:
            with transaction.atomic():
                yield
        except IntegrityError as error:
            if not type(self).objects.filter(room_key=name.casefold()).exclude(pk=self.pk).exists():
                raise
            raise ValidationError({"name": ValidationError(NAME_TAKEN, code="taken")}) from error

    def _write_down(self: Any, by: User | None, act: str, **details: Any) -> None:
        from messaging.models.site.audit_log import AuditEntry

        AuditEntry.objects.record(by, AuditEntry.Act[act], conversation=self, **details)
