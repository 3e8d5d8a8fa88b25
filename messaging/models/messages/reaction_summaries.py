"""What a message says of the reactions to it: which emoji, how often, and by whom."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from messaging.models.db.prepared import prepared
from messaging.models.messages.reactions import Reaction
from messaging.models.people.seen import person_seen
from messaging.models.people.user import User
from messaging.models.site.custom_emoji import CustomEmoji, file_name
from messaging.text.emoji_choice import name_in

_NAME = ("display_name", "username")


@dataclass
class ReactionSummary:
    """One emoji on a message. `people` reacted with it, the first one first, with their names only; `tones`
    are the emoji as they chose it. `picture` is the file name of a custom emoji's picture."""

    emoji: str
    people: list[User] = field(default_factory=list)
    tones: set[str] = field(default_factory=set)
    picture: str = ""

    @property
    def shown(self) -> str:
        """The emoji in the skin tone that all of them chose, or else in none."""
        return next(iter(self.tones)) if len(self.tones) == 1 else self.emoji


def reaction_summaries(message_ids: Collection[int]) -> dict[int, list[ReactionSummary]]:
    """The reactions to those messages that have any, by the message's id, oldest emoji first: one query, and
    one more if custom emoji are among them."""
    return summaries_of(_reactions(list(message_ids)))


def summaries_of(  # type: ignore[explicit-any] # rows of several columns
    rows: Iterable[tuple[Any, ...]],
) -> dict[int, list[ReactionSummary]]:
    """Reactions by the message's id. A row is the id of a message, the emoji, the emoji as it was chosen, the
    id of the person, and their two names. One query if custom emoji are among them."""
    found: dict[int, dict[str, ReactionSummary]] = {}
    for message, emoji, chosen, user, *name in rows:
        of_message = found.setdefault(message, {})
        summary = of_message.setdefault(emoji, ReactionSummary(emoji))
        summary.people.append(person_seen(user, dict(zip(_NAME, name, strict=True))))
        summary.tones.add(chosen)
    _set_pictures(summary for of_message in found.values() for summary in of_message.values())
    return {message: list(of_message.values()) for message, of_message in found.items()}


def _set_pictures(summaries: Iterable[ReactionSummary]) -> None:
    custom = [(name, summary) for summary in summaries if (name := name_in(summary.emoji))]
    if custom:
        pictures = CustomEmoji.objects.filter(name__in={name for name, _ in custom})
        files = {name: file_name(path) for name, path in pictures.values_list("name", "picture")}
        for name, summary in custom:
            summary.picture = files.get(name, "")


@prepared
def _reactions(  # type: ignore[explicit-any] # a row of several columns
    message_ids: list[int],
) -> QuerySet[Reaction, tuple[Any, ...]]:
    rows = Reaction.objects.filter(message__in=message_ids).order_by("pk")
    names = [f"user__{name}" for name in _NAME]
    return rows.values_list("message_id", "emoji", "chosen", "user_id", *names)


def used_last(user: User, among: int = 100) -> list[str]:
    """The emoji that the person reacted with, without skin tones, the last one first.

    Args:
        among: how many of their last reactions are looked at.
    """
    last = user.reactions.order_by("-pk").values_list("emoji", flat=True)[:among]
    return list(dict.fromkeys(last))
