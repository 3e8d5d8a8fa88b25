"""The numbers that tell what moved: one query for conversations, one for people, one for the installation."""

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import Subquery

from messaging.models import Conversation, Installation, User


class Installed(NamedTuple):
    epoch: str
    people_version: int
    sessions_version: int


class Place(NamedTuple):
    """A conversation's numbers, and the name that sidebars show."""

    version: int
    reset_version: int
    members_version: int
    name: str


class Numbers(NamedTuple):
    conversations: dict[int, Place]
    people: dict[int, int]
    installed: Installed


def installed() -> Installed:
    it = Installation.objects.current()
    return Installed(it.epoch.hex, it.people_version, it.sessions_version)


def with_installed() -> dict[str, Subquery]:
    """Annotations that read the installation's numbers at the very moment at which a row is read."""
    the_one = Installation.objects.filter(pk=Installation.THE_ONE)
    return {f"installed_{field}": Subquery(the_one.values(field)) for field in Installed._fields}


def moment_of(conversation: Any, row: Any) -> tuple[Place, Installed]:
    """The numbers in a conversation and in a row that was read with it, and with these annotations."""
    place = Place(*(getattr(conversation, field) for field in Place._fields))
    epoch, *versions = (getattr(row, f"installed_{field}") for field in Installed._fields)
    return place, Installed(epoch.hex, *versions)


def numbers_of(conversation_ids: Collection[int], user_ids: Collection[int]) -> Numbers:
    """The installation's come last: a sign-out before a conversation's number was read is seen in them."""
    places, people = {}, {}
    if conversation_ids:
        rows = Conversation.objects.filter(pk__in=conversation_ids)
        places = {pk: Place(*numbers) for pk, *numbers in rows.values_list("pk", *Place._fields)}
    if user_ids:
        people = dict(User.objects.filter(pk__in=user_ids).values_list("pk", "version"))
    return Numbers(places, people, installed())
