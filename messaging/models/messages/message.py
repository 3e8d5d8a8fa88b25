from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from messaging.models.conversations.conversation import REPLIES_COUNTED, Conversation
from messaging.models.messages.queryset import MessageQuerySet, MessageRows
from messaging.models.messages.read_state import UnreadMessages
from messaging.models.messages.removal import Removal
from messaging.models.messages.saving import Door
from messaging.text import RENDERER_VERSION

if TYPE_CHECKING:
    from messaging.models.messages.edit_history import MessageHistory
    from messaging.models.messages.notification import NotificationQuerySet
    from messaging.models.people.user import User


class Message(Door, Removal, models.Model):
    """One message: a root, or a reply to any depth. `save()` is the one door through which it changes.

    `seq` is the conversation's version that it was born at (its place, for ever), `version` that of its
    last change.
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    # Nobody (null) on an anonymous tombstone. PROTECT: people go through `User.erase()` or not at all.
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
    renderer_version = models.PositiveSmallIntegerField(default=RENDERER_VERSION, editable=False)
    timestamp = models.DateTimeField(default=timezone.now)
    edited = models.BooleanField(default=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    read = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Why somebody else than its author removed it, and who: it goes with them.
    removal_reason = models.CharField(max_length=200, blank=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    seq = models.PositiveBigIntegerField(editable=False)
    version = models.PositiveBigIntegerField(editable=False)
    client_id = models.UUIDField(null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager["Message"]] = models.Manager.from_queryset(MessageQuerySet)()
    unread_messages: ClassVar[UnreadMessages] = UnreadMessages()
    rows: ClassVar[models.Manager["Message"]] = models.Manager.from_queryset(MessageRows)()

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
            # The answers to one message.
            models.Index(
                fields=["parent_message"], condition=Q(parent_message__isnull=False), name="answers"
            ),
            # The direct messages that a person received.
            models.Index(fields=["receiver"], condition=Q(receiver__isnull=False), name="received"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None

    @property
    def author(self) -> "User | None":
        """Who wrote it: nobody, once it is removed."""
        return None if self.is_removed else self.sender

    @property
    def revision(self) -> int:
        """How many earlier texts there are: what an edit form was opened at."""
        return self.history.count()

    def text_and_revision(self) -> dict[str, Any]:
        """What an edit form begins with, in one query: an edit between two would be overwritten."""
        counted = Message.rows.filter(pk=self.pk).annotate(texts=Count("history"))
        content, revision = counted.values_list("content", "texts").get()
        return {"content": content, "revision": revision}

    def unread_in_thread(self, user: "User") -> list[int]:
        """The ids of the replies in this message's thread that the person has not read, oldest first."""
        root = self.thread_root_id or self.pk
        unread = user.notifications.filter(conversation=self.conversation_id, thread_root=root, read_at=None)
        return list(unread.order_by("message").values_list("message_id", flat=True)[:REPLIES_COUNTED])

    def notifications_from_here(self, user: "User") -> "NotificationQuerySet":
        """The person's rows from this message on: in its thread for a reply, else in the conversation."""
        rows = user.notifications.filter(conversation=self.conversation_id, message__seq__gte=self.seq)
        return rows.filter(thread_root=self.thread_root_id) if self.thread_root_id else rows

    def first_text(self) -> str:
        """The text as it was first sent."""
        first: MessageHistory | None = self.history.order_by("number").first()
        return first.old_content if first else self.content
