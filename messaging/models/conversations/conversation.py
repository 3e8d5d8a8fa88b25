from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from messaging.models.conversations.membership import Membership
from messaging.models.conversations.queryset import ConversationQuerySet
from messaging.models.db.changes import tell
from messaging.models.people.user import User
from messaging.models.rooms.handover import Succession
from messaging.models.rooms.members import Seating
from messaging.models.rooms.settings import Keeping

REPLIES_COUNTED = 500
IMPORTED = "room:"  # before the name that an import found: its room's `external_id`


class Conversation(Seating, Keeping, Succession, models.Model):
    """A direct conversation of two people, a group, or a room.

    `version` goes up by one for every change that a reader could see, inside the writing transaction and
    under the row's lock. Order, live updates, caching and conditional requests all hang on it
    (docs/architecture.md, "One number").
    """

    class Kind(models.TextChoices):
        DIRECT = "direct"
        GROUP = "group"
        ROOM = "room"

    class Refused(Exception):
        """A condition of `writing()` did not hold; the argument is its name."""

    kind = models.CharField(max_length=6, choices=Kind)
    name = models.CharField(max_length=80, blank=True)
    topic = models.CharField(max_length=250, blank=True)
    is_private = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveBigIntegerField(default=0, editable=False)
    reset_version = models.PositiveBigIntegerField(default=0, editable=False)
    members_version = models.PositiveBigIntegerField(default=0, editable=False)
    last_message_at = models.DateTimeField(null=True, blank=True, editable=False)
    direct_key = models.CharField(max_length=41, unique=True, null=True, blank=True, editable=False)
    # What makes a room's name the only one of its kind, see `key_of`.
    room_key = models.CharField(max_length=240, unique=True, null=True, blank=True, editable=False)
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
            models.Index(fields=["name", "id"], condition=Q(kind="room"), name="room_directory"),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.kind} {self.pk}"

    def save(self, *args: Any, **options: Any) -> None:
        self.room_key = self.key_of(self.name) if self.is_room and not self.removed_at else None
        super().save(*args, **options)

    def key_of(self, name: str) -> str | None:
        """What makes this name the only one of its kind, if the room has it or is to have it.

        An import keeps the names that its archive has, whatever rooms there are; a name that people gave
        since is as any other.
        """
        is_imported = self.external_id == IMPORTED + name
        return name.casefold() if name and not is_imported else None

    @staticmethod
    def direct_key_of(one: User, other: User) -> str:
        """What makes the conversation of two people the only one: "3:17"; with oneself "3"."""
        return ":".join(str(pk) for pk in sorted({one.pk, other.pk}))

    @property
    def is_room(self) -> bool:
        return self.kind == self.Kind.ROOM

    @property
    def is_direct(self) -> bool:
        return self.kind == self.Kind.DIRECT

    @contextmanager
    def writing(
        self, conditions: Mapping[str, Any] | None = None, count: int = 1, **changes: Any
    ) -> Iterator[int]:
        """The one door for every change of a conversation.

        Opens a transaction whose first statement takes the next version, and with it the row's lock until
        the commit. Whatever must be true for the change is asked under that lock: asked before, it could
        have become false by the time that the lock is held.

        Args:
            conditions: expressions by name, each of which must be true under the lock.
            count: how many versions to take: one, or one for each message of an import.
            changes: other columns of the conversation to set along with the version.

        Yields:
            The new version: the last of those that were taken.

        Raises:
            Conversation.DoesNotExist: the conversation is gone.
            Conversation.Refused: a condition does not hold; the version is taken back.
        """
        with transaction.atomic():
            this = Conversation.objects.filter(pk=self.pk)
            if not this.update(version=F("version") + count, **changes):
                raise Conversation.DoesNotExist("This conversation is gone.")
            tell(conversations=[self.pk])
            questions: dict[str, Any] = {"now": F("version"), **(conditions or {})}
            answers: Any = this.values(**questions).get()
            version = answers.pop("now")
            for condition, holds in answers.items():
                if not holds:
                    raise Conversation.Refused(condition)
            yield version
        self.version = version

    def post(
        self,
        sender: User,
        content: str,
        parent: Any = None,
        client_id: UUID | None = None,
        **fields: Any,
    ) -> Any:
        """Send a message here.

        Args:
            sender: a member.
            content: what was typed.
            parent: the message that it answers.
            client_id: the sender's own id of it, so that sending again does not send twice.
            fields: further fields of `Message` (`timestamp`).

        Returns:
            The new message; or, for a `client_id` that was seen with this same text, the one it made then.

        Raises:
            ValidationError: the text is empty or too long, the sender is no member, the parent is removed.
            Message.ClientIdTaken: the `client_id` was used for something else.
        """
        from messaging.models.messages.message import Message

        message = Message(
            conversation=self,
            sender=sender,
            content=content,
            parent_message=parent,
            client_id=client_id,
            **fields,
        )
        try:
            message.save()
        except Message.AlreadySent:
            return Message.rows.sent_before(message)
        return message

    def other_id(self, user_id: int) -> int:
        """Whom this direct conversation is with, seen from one of its two people (or the only one)."""
        one, _, other = (self.direct_key or "").partition(":")
        return int(other or one) if user_id == int(one) else int(one)

    def unread_ids(self, user: User, until: int) -> list[int]:
        """The ids of the messages here that the person has not read, up to the `seq` that they saw."""
        rows = user.notifications.filter(conversation=self, read_at=None, message__seq__lte=until)
        return list(rows.values_list("message_id", flat=True))

    def unread_threads(self, user: User) -> dict[int, int]:
        """How many replies the person has not read in each thread here, by the root's id.

        So many are looked at as a page could need: with more than that unread, nobody counts threads.
        """
        unread = user.notifications.filter(conversation=self, read_at=None).replies()
        return dict(Counter(unread.values_list("thread_root_id", flat=True)[:REPLIES_COUNTED]))
