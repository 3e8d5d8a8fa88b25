"""The mentions of many people that somebody may use where they write (`messages.group_mentions`)."""

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Count, Q

from messaging.models.conversations.conversation import Conversation
from messaging.models.db.text_match import contains, fold
from messaging.models.messages.group_mentions import HERE, ROOM, refused_among
from messaging.models.people.groups import UserGroup
from messaging.models.people.user import User

MOST_GROUPS = 200


class MentionableGroup(NamedTuple):
    """What is written after the @, and how many other people that is in the conversation."""

    handle: str
    number: int
    outside: int = 0  # of a group, how many are not in the conversation
    name: str = ""  # of a group

    @property
    def folded(self) -> str:
        """The name as it is compared with what is typed."""
        return fold(self.name)


def mentionable_groups(
    reader: User, conversation: Conversation, present: Collection[int], typed: str = ""
) -> list[MentionableGroup]:
    """The mentions that the reader may use there: none for guests. At most four queries.

    Args:
        present: the ids of the people who have a page open.
        typed: what stands after the @: the beginning of "room" or "here", or a part of a group's names.
    """
    if conversation.is_direct or reader.is_guest:
        return []
    found = []
    names = [name for name in (ROOM, HERE) if conversation.is_room and name.startswith(typed.lower())]
    if names and not refused_among(reader, conversation, names):
        others = conversation.memberships.filter(user__is_active=True).exclude(user=reader)
        ids = set(others.values_list("user", flat=True))
        numbers = {ROOM: len(ids), HERE: len(ids.intersection(present))}
        found = [MentionableGroup(name, numbers[name]) for name in names]
    return found + _groups(conversation, typed)


def _groups(conversation: Conversation, typed: str) -> list[MentionableGroup]:
    active = Q(memberships__user__is_active=True)
    inside = active & Q(memberships__user__in=conversation.memberships.values("user"))
    groups = UserGroup.objects.all().existing().order_by("handle")
    if typed:
        groups = groups.filter(Q(handle__contains=typed.lower()) | contains(typed, "name"))
    numbers = groups.annotate(
        all=Count("memberships", filter=active), inside=Count("memberships", filter=inside)
    )
    rows = numbers.values_list("handle", "name", "all", "inside")[:MOST_GROUPS]
    return [
        MentionableGroup(str(handle), inside, total - inside, name) for handle, name, total, inside in rows
    ]
