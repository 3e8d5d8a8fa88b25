"""Reactions: an emoji of a person on a message."""

from collections.abc import Collection
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.utils import timezone
from django.utils.translation import gettext_noop

from messaging.models.conversations.conversation import Conversation
from messaging.models.db.registry import (
    MessagePart,
    PersonPart,
    Rows,
    register_message_part,
    register_person_part,
)
from messaging.models.people.user import User
from messaging.text.emoji import LONGEST_NAME

if TYPE_CHECKING:
    from messaging.models.messages.message import Message

EMOJI_LENGTH = LONGEST_NAME + 2  # a custom emoji is its name between colons


class Reaction(models.Model):
    """That somebody reacted to a message with an emoji.

    `emoji` is what is counted, without a skin tone; `chosen` is the same as the person chose it.
    """

    message = models.ForeignKey("Message", on_delete=models.CASCADE, related_name="reactions", db_index=False)
    # The index also finds the emoji that a person used last.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reactions")
    emoji = models.CharField(max_length=EMOJI_LENGTH)
    chosen = models.CharField(max_length=EMOJI_LENGTH)
    # Whose message it is, for their inbox; None of one's own. No foreign key: it goes with the message.
    author = models.PositiveBigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Reaction"]] = models.Manager()

    class Meta:
        constraints = [
            # Message first, so that it also finds the reactions to a message.
            models.UniqueConstraint(fields=["message", "user", "emoji"], name="one_reaction"),
        ]
        indexes = [
            # The newest reactions to a person's messages.
            models.Index(fields=["author", "-id"], condition=Q(author__isnull=False), name="reactions_to"),
        ]

    def __str__(self) -> str:
        return f"{self.chosen} of {self.user}"


def _erase(people: Collection[int], messages: Rows, version: int | None) -> int:
    """Delete the reactions of these people to the messages, which change by that."""
    found = Reaction.objects.filter(user__in=people, message__in=messages.values("pk"))
    current = Subquery(Conversation.objects.filter(pk=OuterRef("conversation")).values("version"))
    changed = messages.model.rows.filter(pk__in=list(found.values_list("message", flat=True)))
    changed.update(version=current if version is None else Value(version))
    gone, _ = found.delete()
    return gone


def _exported(message: "Message") -> dict[str, int]:
    """How many reactions of each kind a message got. Whose they are is the others' data."""
    counts: dict[str, int] = {}
    for reaction in message.reactions.all():
        counts[reaction.emoji] = counts.get(reaction.emoji, 0) + 1
    return counts


def _given(user: User) -> list[dict[str, object]]:
    rows = user.reactions.order_by("pk").values_list("message", "chosen", "created_at")
    return [{"message": pk, "emoji": chosen, "at": at.isoformat()} for pk, chosen, at in rows]


register_message_part(
    MessagePart(Reaction, gettext_noop("reactions"), exported_as="reactions", export=_exported)
)
register_person_part(
    PersonPart(
        Reaction,
        "user",
        name=gettext_noop("reactions"),
        conversation="message__conversation",
        message="message",
        erase=_erase,
        exported_as="reactions",
        export=_given,
    )
)
