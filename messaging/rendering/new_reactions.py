"""The lines of the inbox that say who reacted to one's messages."""

from collections.abc import Sequence
from dataclasses import dataclass

from messaging.models import Message, User
from messaging.models.inbox.new_reactions import NewReactions
from messaging.models.messages.reaction_summaries import ReactionSummary
from messaging.rendering.reactions import names, shown
from messaging.text.emoji_choice import spoken
from messaging.text.lists import join_names

NAMED = 3  # people of one line


@dataclass
class EmojiOfLine:
    shown: str
    count: int


@dataclass
class ReactionLine:
    """One message, the new emoji on it, and whose they are; `spoken` names the emoji for screen readers."""

    message: Message
    emoji: list[EmojiOfLine]
    spoken: str
    names: str


def reaction_lines(found: NewReactions) -> list[ReactionLine]:
    return [
        ReactionLine(
            message,
            [EmojiOfLine(shown(one), len(one.people)) for one in summaries],
            join_names(spoken(one.emoji) for one in summaries),
            names(_people(summaries), NAMED),
        )
        for message, summaries in found.messages
    ]


def _people(summaries: Sequence[ReactionSummary]) -> list[User]:
    """Each person once, the latest reaction first."""
    by_id = {person.pk: person for one in summaries for person in one.people}
    return list(by_id.values())[::-1]
