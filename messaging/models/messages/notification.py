from collections.abc import Collection
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from messaging.models.db.registry import (
    MessagePart,
    PersonPart,
    Rows,
    register_message_part,
    register_person_part,
)

if TYPE_CHECKING:
    from messaging.models.messages.rows import MessageRows


class NotificationQuerySet(models.QuerySet["Notification"]):
    def personal(self) -> "NotificationQuerySet":
        """What concerns the person, beyond being in a room where something was said."""
        return self.exclude(reason=Notification.Reason.ROOM)

    def replies(self) -> "NotificationQuerySet":
        return self.filter(thread_root__isnull=False)

    def among(self, message_ids: Collection[int] | None) -> "NotificationQuerySet":
        return self if message_ids is None else self.filter(message_id__in=message_ids)


class Notification(models.Model):
    """That a message is for a person, why, and when they read it: every badge counts these rows."""

    class Reason(models.TextChoices):
        DIRECT = "direct", pgettext_lazy("message", "Direct")
        ROOM = "room", _("Room")
        REPLY = "reply", pgettext_lazy("message", "Reply")
        MENTION = "mention", _("Mention")
        GROUP = "group", _("Mention of a group")
        PRESENT = "@here", _("Mention of those who are here")
        EVERYBODY = "@room", _("Mention of everybody in the room")
        KEYWORD = "keyword", _("Keyword")
        EVERY = "every", _("Every message of the room")

    UNNAMED = (Reason.ROOM, Reason.REPLY, Reason.EVERY)  # of messages that do not mention the person

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name=gettext_noop("notifications")
    )
    message = models.ForeignKey(
        "Message", on_delete=models.CASCADE, related_name=gettext_noop("notifications"), db_index=False
    )
    # Copies of the message's, for the indexes below. They go with the message, so nothing is checked twice.
    conversation = models.ForeignKey(
        "Conversation", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    thread_root = models.ForeignKey(
        "Message",
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    reason = models.CharField(max_length=7, choices=Reason)
    read_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Notification"]] = models.Manager.from_queryset(NotificationQuerySet)()

    class Meta:
        constraints = [
            # Message first, so that it also finds the rows that go with a message.
            models.UniqueConstraint(fields=["message", "user"], name="one_notification"),
        ]
        indexes = [
            # Badges: the unread of a person by conversation, and of those the replies, each up to 100; the
            # first unread root; the unread of one thread, in order.
            models.Index(
                fields=["user", "conversation", "thread_root", "message"],
                condition=Q(read_at=None),
                name="unread_of_user",
            ),
            # Unread personal messages: the badge, up to 100; push and desktop notifications, by conversation.
            models.Index(
                fields=["user", "conversation"],
                condition=Q(read_at=None) & ~Q(reason="room"),
                name="unread_personal",
            ),
            # The latest of what was for the person: the threads of the quick switcher.
            models.Index(fields=["user", "id"], condition=~Q(reason="room"), name="personal"),
            # The person's threads: in which something was said for them, and when last.
            models.Index(
                fields=["user", "thread_root", "message"],
                condition=Q(thread_root__isnull=False),
                name="threads_of_user",
            ),
            # Message.read: is anybody's row of this message unread?
            models.Index(fields=["message"], condition=Q(read_at=None), name="unread_of_message"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} for {self.user}"

    @property
    def is_read(self) -> bool:
        return self.read_at is not None


def read_all(rows: NotificationQuerySet, messages: "MessageRows") -> None:
    """Mark notifications of any people as read, then compute `Message.read` again.

    Call it in a transaction, since it locks the messages.

    Args:
        messages: `Message.rows.all()`.
    """
    unread = rows.filter(read_at=None)
    waiting = messages.filter(pk__in=unread.values("message")).lock()
    unread.update(read_at=timezone.now())
    messages.refresh_read_flags(waiting)


def delete_and_update_read(rows: NotificationQuerySet, messages: "MessageRows") -> int:
    """Delete notifications, then compute `Message.read` again: a deleted one no longer counts as unread.

    Call it in a transaction, since it locks the messages.

    Args:
        messages: `Message.rows.all()`.

    Returns:
        How many rows were deleted.
    """
    waiting = messages.filter(pk__in=rows.filter(read_at=None).values("message")).lock()
    gone, _by_model = rows.delete()
    messages.refresh_read_flags(waiting)
    return gone


def _erase(people: Collection[int], messages: Rows, version: int | None) -> int:
    rows = Notification.objects.filter(user__in=people, message__in=messages.values("pk"))
    return delete_and_update_read(rows, messages.model.rows.all())


register_message_part(MessagePart(Notification, gettext_noop("notifications")))
register_person_part(
    PersonPart(
        Notification,
        "user",
        name=gettext_noop("notifications"),
        message="message",
        changes_message=Q(read_at=None),
        erase=_erase,
        why_not_exported="They are about what others wrote.",
    )
)
