"""The mentions of many people that somebody may use where they write (`messages.group_mentions`)."""

from collections.abc import Collection
from typing import NamedTuple

from messaging.models.conversations.conversation import Conversation
from messaging.models.messages.group_mentions import HERE, ROOM, may_mention
from messaging.models.people.user import User


class MentionableGroup(NamedTuple):
    """What is written behind the @, and how many other people that is in the conversation."""

    handle: str
    number: int


def mentionable_groups(
    reader: User, conversation: Conversation, present: Collection[int], typed: str = ""
) -> list[MentionableGroup]:
    """At most two queries.

    Args:
        present: the ids of the people who have a page open.
        typed: what stands behind the @; only what begins so is returned.
    """
    names = [name for name in (ROOM, HERE) if name.startswith(typed.lower())]
    if not names or not conversation.is_room or not may_mention(reader, conversation):
        return []
    others = conversation.memberships.filter(user__is_active=True).exclude(user=reader)
    ids = set(others.values_list("user", flat=True))
    numbers = {ROOM: len(ids), HERE: len(ids.intersection(present))}
    return [MentionableGroup(name, numbers[name]) for name in names]
