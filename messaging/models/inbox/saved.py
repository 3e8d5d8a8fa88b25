"""Messages that a person has saved, to find them again. Nobody else is shown anything of it."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from messaging.models.conversations.conversation import Conversation
from messaging.models.db.refusals import Gone
from messaging.models.db.registry import MessagePart, PersonPart, register_message_part, register_person_part
from messaging.models.messages.message import Message
from messaging.models.messages.rows import MessageRows
from messaging.models.people.user import User


class SavedMessage(models.Model):
    """A message that a person saved. The row is deleted when the message is removed.

    While the person is no member of the conversation the row stays, but nothing shows it, and it does not
    keep the message from being deleted by the rule of retention.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved", db_index=False
    )
    message = models.ForeignKey("Message", on_delete=models.CASCADE, related_name="+", db_index=False)
    saved_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["SavedMessage"]] = models.Manager()

    class Meta:
        constraints = [
            # Message first, so that it also finds the rows that go with a message.
            models.UniqueConstraint(fields=["message", "user"], name="one_saved"),
        ]
        indexes = [
            # A person's list, the last saved first.
            models.Index(fields=["user", "-saved_at"], name="saved_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} saved by {self.user}"


def save_message(user: User, message: Message, saved_at: datetime | None = None) -> None:
    """Save a message for a person. Without effect if it is saved already.

    Args:
        saved_at: its place in the list, if it was saved before; now by default.

    Raises:
        Gone: the message was removed, or the person cannot read it any more.
    """
    with transaction.atomic():
        lock_and_save(user, message, saved_at)


def unsave_message(user: User, message: Message) -> SavedMessage | None:
    """Remove a message from what the person saved, with its reminder.

    Returns:
        The deleted row; None if the message was not saved.
    """
    with transaction.atomic():
        User.objects.filter(pk=user.pk).raise_version()  # which locks the person
        user.reminders.filter(about=message.pk).delete()
        saved: SavedMessage | None = user.saved.filter(message=message).first()
        if saved:
            SavedMessage.objects.filter(pk=saved.pk).delete()
    return saved


def lock_and_save(user: User, message: Message, saved_at: datetime | None = None) -> None:
    """Lock the person and then the message, in a transaction, and save it as `save_message` does.

    Raises:
        Gone: the message was removed, or the person cannot read it, or was deleted.
    """
    if not User.objects.filter(pk=user.pk).raise_version() or not readable(user, [message.pk]).lock():
        raise Gone
    SavedMessage.objects.get_or_create(
        user=user, message_id=message.pk, defaults={"saved_at": saved_at or timezone.now()}
    )


def readable(user: User, message_ids: list[int]) -> MessageRows:
    """Those of these messages that the person can read now, and that were not removed."""
    mine = Conversation.objects.visible_to(user).order_by().values("pk")
    found: MessageRows = Message.rows.filter(pk__in=message_ids, conversation__in=mine, removed_at=None)
    return found


def saved_by(user: User) -> models.QuerySet[SavedMessage]:
    """What the person saved and can read now, the last saved first; with the messages."""
    mine = Conversation.objects.visible_to(user).order_by().values("pk")
    rows = user.saved.filter(message__conversation__in=mine, message__removed_at=None)
    shown = rows.select_related("message__sender", "message__conversation", "message__parent_message__sender")
    found: models.QuerySet[SavedMessage] = shown.order_by("-saved_at", "-pk")
    return found


def _exported(user: User) -> list[dict[str, object]]:
    rows = user.saved.order_by("saved_at", "pk").values_list("message", "saved_at")
    return [{"message": pk, "at": at.isoformat()} for pk, at in rows]


# Not counted before a removal: nobody else may learn that somebody saved the message.
register_message_part(MessagePart(SavedMessage, ""))
register_person_part(
    PersonPart(
        SavedMessage,
        "user",
        name=gettext_noop("saved messages"),
        exported_as="saved",
        export=_exported,
    )
)
