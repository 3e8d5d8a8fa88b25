from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from messaging.models.db.registry import MessagePart, PersonPart, register_message_part, register_person_part
from messaging.models.people.user import User

if TYPE_CHECKING:
    from messaging.models.messages.message import Message


@dataclass
class ReplacedText:
    """The text that an edit is about to replace: the row as stored, the text's number, and who edits."""

    message: "Message"
    number: int
    edited_by: User | None


class MessageHistoryQuerySet(models.QuerySet["MessageHistory"]):
    def log(self, earlier: ReplacedText) -> "MessageHistory":
        """Keep the text that an edit is about to replace. Under the conversation's lock."""
        return self.create(
            message_id=earlier.message.pk,
            number=earlier.number,
            old_content=earlier.message.content,
            edited_by=earlier.edited_by,
        )

    def remove_texts(self) -> int:
        """Empty these texts; to be called under the conversation's lock. Returns how many there were."""
        return self.update(old_content="", removed_at=timezone.now())


class MessageHistory(models.Model):
    """An earlier text of a message: the first as it was sent (number 1), and each that an edit replaced.

    `edited_by` and `edited_at` are of the edit that replaced it.
    """

    message = models.ForeignKey("Message", on_delete=models.CASCADE, related_name="history", db_index=False)
    number = models.PositiveIntegerField()
    old_content = models.TextField()
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    edited_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)  # set: the text itself is gone

    objects: ClassVar[models.Manager["MessageHistory"]] = models.Manager.from_queryset(
        MessageHistoryQuerySet
    )()

    class Meta:
        ordering = ["message", "number"]
        verbose_name_plural = _("message histories")
        constraints = [
            # Also serves "the history of this message, in order".
            models.UniqueConstraint(fields=["message", "number"], name="one_history_number"),
        ]

    def __str__(self) -> str:
        return f"text {self.number} of message {self.message_id}"


def _exported(message: "Message") -> list[dict[str, str]]:
    return [{"text": row.old_content, "until": row.edited_at.isoformat()} for row in message.history.all()]


register_message_part(
    MessagePart(
        MessageHistory,
        gettext_noop("earlier versions of messages"),
        exported_as="earlier_texts",
        export=_exported,
    )
)
register_person_part(
    PersonPart(MessageHistory, "edited_by", why_not_exported="Earlier texts are exported with their message.")
)
