"""Messages that wait for their time. Nobody but their author is ever shown anything of them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from messaging.models.db.registry import PersonPart, register_person_part
from messaging.models.people.user import User


class ScheduledMessage(models.Model):
    """A text that is sent at `due_at`, and why it was not sent if it was refused then (`scheduling.REASONS`).

    `reply_to` is the id of the message that it replies to. It is no foreign key: if that message is gone, the
    text must not become a message of the timeline.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="scheduled", db_index=False
    )
    # The text outlives the conversation. Its own index finds the rows when that is deleted.
    conversation = models.ForeignKey("Conversation", null=True, on_delete=models.SET_NULL, related_name="+")
    reply_to = models.PositiveBigIntegerField(null=True)
    text = models.TextField()
    due_at = models.DateTimeField()
    client_id = models.UUIDField()  # the message gets it, so that it cannot be sent twice
    created_at = models.DateTimeField(default=timezone.now)
    refused = models.CharField(max_length=20, blank=True)

    objects: ClassVar[models.Manager["ScheduledMessage"]] = models.Manager()

    class Meta:
        constraints = [
            # A form that is sent twice schedules once.
            models.UniqueConstraint(fields=["user", "client_id"], name="one_scheduled"),
        ]
        indexes = [
            # A person's list, by time.
            models.Index(fields=["user", "due_at"], name="scheduled_by_user"),
            # What should have been sent.
            models.Index(fields=["due_at"], condition=Q(refused=""), name="scheduled_to_send"),
        ]

    def __str__(self) -> str:
        return f"scheduled message {self.pk}"


def _exported(user: User) -> list[dict[str, object]]:
    return [
        {
            "conversation": one.conversation_id,
            "reply_to": one.reply_to,
            "text": one.text,
            "due_at": one.due_at.isoformat(),
        }
        for one in user.scheduled.order_by("due_at", "pk")
    ]


register_person_part(
    PersonPart(
        ScheduledMessage,
        "user",
        name=gettext_noop("scheduled messages"),
        exported_as="scheduled_messages",
        export=_exported,
    )
)
