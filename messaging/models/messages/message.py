from collections.abc import Collection, Iterable, Sequence
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from messaging.models.conversations.conversation import Conversation
from messaging.models.db.refusals import Gone
from messaging.models.db.registry import PersonPart, register_person_part
from messaging.models.messages import removal, saving, sent_text
from messaging.models.messages.edit_history import ReplacedText
from messaging.models.messages.marking_read import UnreadMessages
from messaging.models.messages.polls import NewPoll
from messaging.models.messages.queryset import MessageQuerySet, MessageRows
from messaging.models.people.user import User


class Message(models.Model):
    """One message: a root, or a reply at any depth. `saving` is the only place where it is sent or edited.
    `seq` is the conversation's version at its creation (its position), `version` that at its last change."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    # Null on an anonymous tombstone. PROTECT: a person is deleted through `User.delete()` or not at all.
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="sent_messages",
        db_index=False,
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="received_messages",
        db_index=False,
    )
    parent_message = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="replies", db_index=False
    )
    thread_root = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="+", db_index=False
    )
    depth = models.PositiveIntegerField(default=0, editable=False)
    content = models.TextField()
    content_html = models.TextField(editable=False)
    renderer_version = models.PositiveSmallIntegerField(default=0, editable=False)  # 0: to be rendered again
    timestamp = models.DateTimeField(default=timezone.now)
    edited = models.BooleanField(default=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    read = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The moderator who removed it, and their reason, which is deleted with the moderator's account.
    removal_reason = models.CharField(max_length=removal.REASON_LENGTH, blank=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    # Whether the rule of retention removed it, and not a person.
    is_expired = models.BooleanField(default=False, db_default=False, editable=False)
    # When and by whom it was pinned. It stays pinned when that account is deleted (`pinning.py`).
    pinned_at = models.DateTimeField(null=True, blank=True, editable=False)
    pinned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
        db_index=False,
    )
    seq = models.PositiveBigIntegerField(editable=False)
    version = models.PositiveBigIntegerField(editable=False)
    client_id = models.UUIDField(null=True, blank=True, editable=False)
    # Of the text as it was sent; empty without a `client_id`, and once that text is removed (`sent_text.py`).
    sent_hmac = models.CharField(max_length=sent_text.LENGTH, blank=True, editable=False)
    file_count = models.PositiveSmallIntegerField(default=0, editable=False)
    has_poll = models.BooleanField(default=False, editable=False)
    has_link_previews = models.BooleanField(default=False, editable=False)
    is_ticked_by_all = models.BooleanField(default=False, editable=False)  # whether all may tick its tasks

    objects: ClassVar[models.Manager["Message"]] = models.Manager.from_queryset(MessageQuerySet)()
    unread_messages: ClassVar[UnreadMessages] = UnreadMessages()
    rows: ClassVar[models.Manager["Message"]] = models.Manager.from_queryset(MessageRows)()

    # Set while it is saved, for the signals: the members whom the text names, and what an edit replaces.
    mentionable: dict[str, int]
    earlier: ReplacedText
    group_mentions: dict[str, str]  # name -> address, see `group_mentions`
    # Set before it is saved: who has a page open, for `@here`; whether new group mentions stay plain.
    present: Collection[int] = ()
    notifies_only_people = False
    keywords_key = ""  # set under the lock: the site's (`keywords`)
    files_to_attach: Sequence[int] = ()  # set before it is sent: their ids (`attachment`)
    poll_to_add: NewPoll | None = None  # likewise
    draft_to_forget: int | None = None  # see `saving.post`

    class Meta:
        base_manager_name = "rows"
        default_manager_name = "objects"
        constraints = [
            # The total order; also "everything of this conversation".
            models.UniqueConstraint(fields=["conversation", "seq"], name="one_seq"),
            # Sending twice sends once; also "everything that this person wrote".
            models.UniqueConstraint(fields=["sender", "client_id"], name="one_client_id"),
        ]
        indexes = [
            # What changed since version v?
            models.Index(fields=["conversation", "version"], name="changed_since"),
            # A page of the timeline.
            models.Index(fields=["conversation", "seq"], condition=Q(parent_message=None), name="timeline"),
            # A thread, in order.
            models.Index(fields=["thread_root", "seq"], name="thread"),
            # The direct replies to one message.
            models.Index(
                fields=["parent_message"], condition=Q(parent_message__isnull=False), name="answers"
            ),
            # The direct messages that a person received.
            models.Index(fields=["receiver"], condition=Q(receiver__isnull=False), name="received"),
            # What is pinned in a conversation, the last first.
            models.Index(
                fields=["conversation", "pinned_at"], condition=Q(pinned_at__isnull=False), name="pinned"
            ),
            # The files of a conversation, the newest message first.
            models.Index(
                fields=["conversation", "removed_at", "seq"], condition=Q(file_count__gt=0), name="with_files"
            ),
            # What is older than the rule of retention allows.
            models.Index(fields=["conversation", "timestamp"], name="by_age"),
            # What a person pinned, which their deletion forgets.
            models.Index(fields=["pinned_by"], condition=Q(pinned_by__isnull=False), name="pinned_by"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"

    def save(self, *args: object, update_fields: Iterable[str] | None = None, **options: object) -> None:
        """Send a new message, or edit the text of an existing one. Nothing else can be changed.

        Raises:
            ValidationError: the text is empty or too long; there is nobody to send it to; the sender is no
                member; the parent or the message was removed; it is too late; or a fixed field was changed.
            TypeError: `update_fields` names columns that are not written here.
            Gone: it was deleted meanwhile.
            AlreadySent: the sender used this `client_id` before (`post` handles that).
        """
        if self._state.adding:
            saving.send(self)
            return
        names = None if update_fields is None else set(update_fields)
        saving.refuse_other_fields(names or ())
        if "content" not in self.get_deferred_fields() and (names is None or "content" in names):
            saving.edit(self)

    save.alters_data = True  # type: ignore[attr-defined]

    def delete(self, *args: object, **options: object) -> tuple[int, dict[str, int]]:
        """Remove and sweep: where an unremoved reply is below it, an anonymous tombstone stays."""
        return type(self).objects.filter(pk=self.pk).delete()

    delete.alters_data = True  # type: ignore[attr-defined]

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None

    @property
    def is_pinned(self) -> bool:
        return self.pinned_at is not None

    @property
    def author(self) -> User | None:
        """Who wrote it; None once it is removed."""
        return None if self.is_removed else self.sender

    @property
    def revision(self) -> int:
        """The number of earlier texts. An edit form keeps it, to notice edits by others."""
        return self.history.count()

    def text_and_revision(self) -> dict[str, str | int]:
        """The text and the revision that an edit form starts with, from one query: no edit comes between.

        Raises Gone: the message was deleted meanwhile.
        """
        counted = Message.rows.filter(pk=self.pk).annotate(texts=Count("history"))
        found = counted.values_list("content", "texts").first()
        if found is None:
            raise Gone
        return {"content": found[0], "revision": found[1]}

    def edit(
        self,
        content: str,
        by: User | None = None,
        revision: int | None = None,
        present: Collection[int] = (),
        notifies_only_people: bool = False,
    ) -> None:
        """Replace the text.

        Args:
            content: the new text.
            by: who edits; the sender by default.
            revision: the `revision` that the editor saw.
            present: the ids of the people who have a page open, whom a new `@here` notifies.
            notifies_only_people: new mentions such as `@room` stay plain text.

        Raises:
            EditConflict: somebody edited it since `revision`.
            ValidationError: as `save()`.
        """
        self.content = content
        self.present, self.notifies_only_people = present, notifies_only_people
        saving.edit(self, by, revision)

    def remove(self, by: User | None = None, reason: str = "") -> None:
        """Make a tombstone of it; see `removal.remove`."""
        removal.remove(self, by, reason)

    def remove_text(self, number: int, by: User) -> None:
        """Remove one earlier text for good; see `removal.remove_text`."""
        removal.remove_text(self, number, by)


register_person_part(
    PersonPart(
        Message,
        "sender",
        conversation="conversation",
        why_not_exported="They are a file of their own (accounts.personal_data.own_messages).",
    )
)
register_person_part(PersonPart(Message, "receiver", why_not_exported="Others wrote them."))
