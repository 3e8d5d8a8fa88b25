"""What a person has typed and not sent. Nobody but its author is ever shown anything of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_noop

from messaging.models.db.registry import PersonPart, register_person_part
from messaging.models.people.user import User


class Draft(models.Model):
    """The text of one composer: of a conversation, or of the reply to a message.

    `User.drafts` lists a person's drafts without their texts; `drafting` keeps both together.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="draft_texts", db_index=False
    )
    # The text outlives the conversation. Its own index finds the rows when that is deleted.
    conversation = models.ForeignKey("Conversation", null=True, on_delete=models.SET_NULL, related_name="+")
    # The id of the message that it replies to, or 0. No foreign key: the text outlives that message too.
    reply_to = models.PositiveBigIntegerField(default=0)
    text = models.TextField()
    # The browser's id of this text. The message that is sent from it has it as its `client_id`, so a save
    # that arrives after the send is recognized.
    token = models.UUIDField()
    sequence = models.PositiveBigIntegerField()  # of the saves with this token: none replaces a later one
    version = models.PositiveBigIntegerField()  # the `drafts_version` of the person when it was saved
    saved_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Draft"]] = models.Manager()

    class Meta:
        constraints = [
            # Also the index that finds a person's drafts.
            models.UniqueConstraint(fields=["user", "conversation", "reply_to"], name="one_draft"),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"


def _exported(user: User) -> list[dict[str, object]]:
    return [
        {
            "conversation": draft.conversation_id,
            "reply_to": draft.reply_to or None,
            "text": draft.text,
            "saved_at": draft.saved_at.isoformat(),
        }
        for draft in user.draft_texts.order_by("pk")
    ]


register_person_part(
    PersonPart(Draft, "user", name=gettext_noop("drafts"), exported_as="drafts", export=_exported)
)
