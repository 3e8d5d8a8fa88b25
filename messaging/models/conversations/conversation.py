from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar, TypeAlias, cast

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from messaging.models.conversations.kind import Kind
from messaging.models.conversations.membership import Membership
from messaging.models.conversations.names import NAME_LENGTH, TOPIC_LENGTH
from messaging.models.conversations.permissions import UNDO_REMOVAL_WITHIN, Condition
from messaging.models.conversations.queryset import ConversationQuerySet
from messaging.models.db.changes import notify_changed
from messaging.models.db.prepared import Update, prepared_change
from messaging.models.db.refusals import Gone, Refused
from messaging.models.db.registry import PersonPart, register_person_part
from messaging.models.people.user import User
from messaging.text.natural_order import ORDER_LENGTH, natural_text

# Takes the conversation's id. Returns its version as `now`, and whether each condition holds, by name.
Ask: TypeAlias = Callable[[int], dict[str, object]]
IMPORTED = "room:"  # prefix of an imported room's `external_id`, before the name that its archive has


class Unchanged(Exception):
    """Raised within `writing()` where there is nothing to change: the version is taken back."""


class Conversation(models.Model):
    """A direct conversation of two people, a group, or a room.

    `version` goes up by one for every change that a reader could see, inside the writing transaction and
    under the row's lock. Order, live updates, caching and conditional requests depend on it
    (docs/architecture.md, "One number").
    """

    Kind = Kind

    kind = models.CharField(max_length=6, choices=Kind)
    name = models.CharField(max_length=NAME_LENGTH, blank=True)
    topic = models.CharField(max_length=TOPIC_LENGTH, blank=True)
    is_private = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # For the list of new rooms. Set in `save`, since a default would make all existing rooms new. Null:
    # it was made before there was this column.
    created_at = models.DateTimeField(null=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    # Who was in it when it was removed: [[user id, role], …]
    removed_members = models.JSONField(null=True, editable=False)
    # A room's own rule of how long messages are kept: a `site.retention.Retention`.
    retention = models.JSONField(null=True, blank=True, editable=False)
    version = models.PositiveBigIntegerField(default=0, editable=False)
    reset_version = models.PositiveBigIntegerField(default=0, editable=False)
    members_version = models.PositiveBigIntegerField(default=0, editable=False)
    last_message_at = models.DateTimeField(null=True, blank=True, editable=False)
    direct_key = models.CharField(max_length=41, unique=True, null=True, blank=True, editable=False)
    # Two rooms cannot have the same name; see `key_of`.
    room_key = models.CharField(max_length=240, unique=True, null=True, blank=True, editable=False)
    name_order = models.CharField(max_length=ORDER_LENGTH, default="", db_default="", editable=False)
    external_id = models.CharField(max_length=200, unique=True, null=True, blank=True, editable=False)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through=Membership, related_name="conversations"
    )

    objects: ClassVar[models.Manager["Conversation"]] = models.Manager.from_queryset(ConversationQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="direct", direct_key__isnull=False) | ~Q(kind="direct") & Q(direct_key=None),
                name="direct_has_a_key",
            ),
        ]
        indexes = [
            # The directory of rooms, by name.
            models.Index(fields=["name_order", "id"], condition=Q(kind="room"), name="room_directory"),
            # The rooms with a rule of their own.
            models.Index(fields=["id"], condition=Q(retention__isnull=False), name="own_retention"),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.kind} {self.pk}"

    def save(self, *args: Any, **options: Any) -> None:  # type: ignore[explicit-any] # Django's signature
        if self._state.adding and self.created_at is None:
            self.created_at = timezone.now()
        self.name_order = natural_text(self.name)
        self.room_key = self.key_of(self.name) if self.is_room and not self.removed_at else None
        super().save(*args, **options)

    def key_of(self, name: str) -> str | None:
        """The unique key for a name that the room has or is about to get.

        An imported room keeps the name that its archive has, whatever rooms exist already, and has no key
        until people rename it.
        """
        is_imported = self.external_id == IMPORTED + name
        return name.casefold() if name and not is_imported else None

    @staticmethod
    def direct_key_of(one: User, other: User) -> str:
        """The unique key of the conversation of two people: "3:17"; of a person's notes "3"."""
        return ":".join(str(pk) for pk in sorted({one.pk, other.pk}))

    @property
    def is_room(self) -> bool:
        return self.kind == Kind.ROOM

    @property
    def is_direct(self) -> bool:
        return self.kind == Kind.DIRECT

    @property
    def undo_until(self) -> datetime | None:
        """Until when the removal of the room can be undone."""
        return self.removed_at and self.removed_at + UNDO_REMOVAL_WITHIN

    def other_id(self, user_id: int) -> int:
        """The id of the other person in a direct conversation; the same id in a person's notes."""
        one, _, other = (self.direct_key or "").partition(":")
        return int(other or one) if user_id == int(one) else int(one)

    def allows(self, condition: Condition) -> bool:
        """Whether a condition of `permissions` holds now. The function that makes the change checks it again
        under the lock."""
        return Conversation.objects.filter(condition, pk=self.pk).exists()

    @contextmanager
    def writing(
        self, conditions: Mapping[str, Condition] | Ask | None = None, count: int = 1, **changes: object
    ) -> Iterator[int]:
        """Every change of a conversation goes through here.

        Opens a transaction whose first statement takes the next version, and with it the row's lock until
        the commit. The conditions are checked while the lock is held. Checked earlier, they could become
        false before the lock is taken.

        Args:
            conditions: expressions by name, each of which must be true under the lock; or a function that
                asks all of them at once.
            count: how many versions to take.
            changes: other columns of the conversation to set along with the version.

        Yields:
            The new version: the last of those that were taken. If the block raises `Unchanged`, nothing was
            written, and the caller goes on after it.

        Raises:
            Gone: the conversation was deleted.
            Refused: a condition does not hold; its name is the code, and the version is taken back.
        """
        try:
            with transaction.atomic():
                version = self._next_version(conditions or {}, count, changes)
                yield version
            self.version = version
        except Unchanged:
            pass

    def _next_version(
        self, conditions: Mapping[str, Condition] | Ask, count: int, changes: Mapping[str, object]
    ) -> int:
        this = Conversation.objects.filter(pk=self.pk)
        at = changes.get("last_message_at")
        if isinstance(at, datetime) and len(changes) == 1:  # as for every message that is sent
            taken = _take_versions(self.pk, count, at)
        else:
            taken = this.update(version=F("version") + count, **changes)
        if not taken:
            raise Gone
        notify_changed(conversations=[self.pk])
        if callable(conditions):
            answers = conditions(self.pk)
        else:
            answers = dict(this.values(now=F("version"), **conditions).get())
        version = cast(int, answers.pop("now"))
        for name, holds in answers.items():
            if not holds:
                raise Refused(name)
        return version


@prepared_change
def _take_versions(conversation_id: int, count: int, last_message_at: datetime) -> Update:
    changes = {"version": F("version") + count, "last_message_at": last_message_at}
    return Update(Conversation.objects.filter(pk=conversation_id), changes)


register_person_part(
    PersonPart(
        Conversation, "created_by", conversation="pk", why_not_exported="The room belongs to its members."
    )
)
register_person_part(
    PersonPart(Conversation, "removed_by", why_not_exported="What administrators did is the site's.")
)
