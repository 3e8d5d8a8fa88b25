"""The reactions to a person's messages that they have not seen in their inbox: a line there, and no badge.

Nothing is written for it but the author of the message in the reaction's own row, and up to which reaction
the person has seen them (`User.reactions_seen`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from messaging.models.conversations.conversation import Conversation
from messaging.models.db.prepared import prepared
from messaging.models.messages.message import Message
from messaging.models.messages.reaction_summaries import ReactionSummary, summaries_of
from messaging.models.messages.reactions import Reaction
from messaging.models.people.blocks import Block
from messaging.models.people.user import User

MOST_READ: Final = 200  # the newest reactions
MOST_SHOWN: Final = 5  # messages


@dataclass
class NewReactions:
    """What is new. `newest` is the id of the last reaction, `more` the number of messages that are not shown,
    at least."""

    messages: Sequence[tuple[Message, list[ReactionSummary]]] = ()
    newest: int = 0
    more: int = 0


def new_reactions(user: User) -> NewReactions:
    """The reactions of others that the person has not seen, by message, the latest first: at most three
    queries, one if there are none.

    Those of people whom they block, and in conversations that they have left, are left out.
    """
    if not user.lists_reactions:
        return NewReactions()
    found = _unseen(user.pk, user.reactions_seen)
    if not found:
        return NewReactions()
    ids = list(dict.fromkeys(row[1] for row in found))
    summaries = summaries_of(row[1:] for row in reversed(found))
    messages = Message.rows.filter(removed_at=None).in_bulk(ids[:MOST_SHOWN])
    shown = [(messages[pk], summaries[pk]) for pk in ids[:MOST_SHOWN] if pk in messages]
    return NewReactions(shown, found[0][0], max(0, len(ids) - MOST_SHOWN))


@prepared
def _unseen(user_id: int, seen: int) -> QuerySet[Reaction, tuple[int, int, str, str, int, str, str]]:
    rows = Reaction.objects.filter(author=user_id, pk__gt=seen)
    visible = Conversation.objects.visible_to(user_id).order_by().values("pk")
    blocked = Block.objects.filter(user=user_id).values("blocked")
    rows = rows.filter(message__conversation__in=visible).exclude(user__in=blocked)
    columns = ("pk", "message_id", "emoji", "chosen", "user_id", "user__display_name", "user__username")
    return rows.order_by("-pk").values_list(*columns)[:MOST_READ]


def see_reactions(user: User, newest: int) -> None:
    """Note that the person has seen the reactions up to this one."""
    User.objects.filter(pk=user.pk, reactions_seen__lt=newest).update(reactions_seen=newest)
