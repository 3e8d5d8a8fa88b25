"""The rooms that somebody is offered after a #: their own, and public ones that they could join."""

from typing import Final, NamedTuple

from django.db.models import Exists, OuterRef

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.membership import Membership
from messaging.models.db.text_match import contains
from messaging.models.people.user import User

IN_PAGE: Final = 200  # rooms that the page gets at once; it asks for others
ANSWERED: Final = 20  # rooms that are found by what is typed


class Nameable(NamedTuple):
    """A room, and whether the reader is in it."""

    room: Conversation
    is_mine: bool


def nameable_rooms(reader: User, typed: str = "") -> tuple[list[Nameable], bool]:
    """The rooms, one's own and the latest first, and whether there are more.

    Args:
        typed: what stands after the #. Without it, the first IN_PAGE rooms are returned.
    """
    mine = Membership.objects.filter(conversation=OuterRef("pk"), user=reader)
    rooms = Conversation.objects.open_to(reader).annotate(is_mine=Exists(mine))
    if typed:
        rooms = rooms.filter(contains(typed, "name"))
    most = ANSWERED if typed else IN_PAGE
    found = list(rooms.order_by("-is_mine", "-last_message_at", "pk")[: most + 1])
    return [Nameable(room, room.is_mine) for room in found[:most]], len(found) > most
