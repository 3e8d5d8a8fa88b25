"""Polls: a message that is a question, its choices, and who voted for which."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Subquery, Value
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

if TYPE_CHECKING:
    from messaging.models.messages.message import Message

FEWEST_CHOICES, MOST_CHOICES = 2, 10
CHOICE_LENGTH = 100


@dataclass(frozen=True)
class NewPoll:
    """A poll that is sent with its message."""

    choices: tuple[str, ...]
    has_several: bool = False
    is_anonymous: bool = False
    ends_at: datetime | None = None


class Poll(models.Model):
    """That a message is a poll. Nothing of it changes but `closed_at`.

    Attributes:
        has_several: a person can vote for several choices.
        is_anonymous: who voted for what is shown to nobody but the voter.
        ends_at: nobody can vote from then on; None if it has no end.
        closed_at: when it ended, by its time or before; None while it is open.
        imported_voters: how many people voted before the poll was imported, of whom nobody knows who they
            are: an anonymous poll stays anonymous (`archive.site`).
    """

    message = models.OneToOneField("Message", on_delete=models.CASCADE, primary_key=True, related_name="poll")
    has_several = models.BooleanField(default=False)
    is_anonymous = models.BooleanField(default=False)
    ends_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    imported_voters = models.PositiveIntegerField(default=0, db_default=0)

    objects: ClassVar[models.Manager["Poll"]] = models.Manager()

    def __str__(self) -> str:
        return f"poll {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and (self.ends_at is None or timezone.now() < self.ends_at)


class PollChoice(models.Model):
    """One choice of a poll. Choices are in the order of their ids. `imported_votes` are those of people whom
    nobody knows, see `Poll.imported_voters`."""

    # The index finds the choices of messages.
    message = models.ForeignKey("Message", on_delete=models.CASCADE, related_name="poll_choices")
    text = models.CharField(max_length=CHOICE_LENGTH)
    imported_votes = models.PositiveIntegerField(default=0, db_default=0)

    objects: ClassVar[models.Manager["PollChoice"]] = models.Manager()

    def __str__(self) -> str:
        return f"choice {self.pk}"


class PollVote(models.Model):
    """That somebody voted for a choice. An anonymous vote has its person too, so that it counts once."""

    message = models.ForeignKey(
        "Message", on_delete=models.CASCADE, related_name="poll_votes", db_index=False
    )
    choice = models.ForeignKey(PollChoice, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="poll_votes")

    objects: ClassVar[models.Manager["PollVote"]] = models.Manager()

    class Meta:
        constraints = [
            # Message first, so that it also finds the votes on a message.
            models.UniqueConstraint(fields=["message", "user", "choice"], name="one_vote"),
        ]

    def __str__(self) -> str:
        return f"vote {self.pk}"


def add_poll(message: "Message", poll: NewPoll) -> None:
    """Store the poll of a message that was just inserted."""
    Poll.objects.create(
        message=message,
        has_several=poll.has_several,
        is_anonymous=poll.is_anonymous,
        ends_at=poll.ends_at,
    )
    PollChoice.objects.bulk_create(PollChoice(message=message, text=text) for text in poll.choices)


def choice_texts(message: "Message") -> Collection[str]:
    """The choices of a message that has a poll, even if the message is not stored yet."""
    if message.poll_to_add:
        return message.poll_to_add.choices
    return [choice.text for choice in sorted(message.poll_choices.all(), key=lambda choice: choice.pk)]


def counted_choices(choices: models.QuerySet[PollChoice]) -> list[tuple[PollChoice, int]]:
    """These choices in order, each with the number of votes for it."""
    counted = choices.annotate(number=Count("votes") + F("imported_votes")).order_by("pk")
    return [(choice, choice.number) for choice in counted]


def _erase(people: Collection[int], messages: Rows, version: int | None) -> int:
    """Delete the votes of these people on the messages, which change by that."""
    found = PollVote.objects.filter(user__in=people, message__in=messages.values("pk"))
    current = Subquery(Conversation.objects.filter(pk=OuterRef("conversation")).values("version"))
    changed = messages.model.rows.filter(pk__in=list(found.values_list("message", flat=True)))
    changed.update(version=current if version is None else Value(version))
    gone, _ = found.delete()
    return gone


def _exported(message: "Message") -> dict[str, object] | None:
    """The poll for its author: how many voted for what. Who did is the others' data."""
    if not message.has_poll:
        return None
    poll = message.poll
    counted = counted_choices(message.poll_choices.all())
    return {
        "choices": [{"text": choice.text, "votes": number} for choice, number in counted],
        "several": poll.has_several,
        "anonymous": poll.is_anonymous,
        "ends_at": poll.ends_at.isoformat() if poll.ends_at else None,
        "closed_at": poll.closed_at.isoformat() if poll.closed_at else None,
    }


def _given(user: User) -> list[dict[str, object]]:
    rows = user.poll_votes.order_by("pk").values_list("message", "choice__text")
    return [{"message": pk, "choice": text} for pk, text in rows]


register_message_part(MessagePart(PollVote, gettext_noop("votes")))
register_message_part(MessagePart(PollChoice, gettext_noop("choices of polls")))
register_message_part(MessagePart(Poll, gettext_noop("polls"), exported_as="poll", export=_exported))
register_person_part(
    PersonPart(
        PollVote,
        "user",
        name=gettext_noop("votes"),
        conversation="message__conversation",
        message="message",
        erase=_erase,
        exported_as="votes",
        export=_given,
    )
)
