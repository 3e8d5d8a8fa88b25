"""Where somebody can forward a message to or share something, and how many there cannot read the message.

A fixed number of queries for any number of conversations and people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q

from messaging.models.conversations.membership import Membership
from messaging.models.conversations.room_bans import RoomBan
from messaging.models.inbox.destinations import Destination, conversations_of, people_for
from messaging.models.inbox.switcher import rank
from messaging.models.messages.message import Message
from messaging.models.people.queryset import UserQuerySet
from messaging.models.people.user import User

SHOWN: Final = 20


@dataclass
class Target:
    """A conversation, or a person with whom there is none yet.

    `outsiders` is how many people there cannot read the message.
    """

    place: Destination
    outsiders: int

    @property
    def value(self) -> str:
        """Names it in a form."""
        return value_of(self.place)


def value_of(place: Destination) -> str:
    """`c` and the id of a conversation, or `p` and that of a person with whom there is none yet."""
    return f"c{place.conversation}" if place.conversation else f"p{place.pk}"


def targets(message: Message, user: User, words: str, chosen: str) -> tuple[list[Target], bool]:
    """Where the person may write, the latest or the best matching name first; and whether there are more.

    Args:
        chosen: the `value` of one that is listed in any case, before the others.
    """
    shown, has_more = _places(user, words, chosen)
    return _counted(message, shown), has_more


def places(user: User, words: str, chosen: str) -> tuple[list[Target], bool]:
    """As `targets`, for something that is no message yet; `outsiders` is 0."""
    shown, has_more = _places(user, words, chosen)
    return [Target(one, outsiders=0) for one in shown], has_more


def _places(user: User, words: str, chosen: str) -> tuple[list[Destination], bool]:
    mine = [one for one in conversations_of(user) if not one.is_archived]
    known = {one.pk for one in mine if one.direct}
    everything = [*mine, *(one for one in people_for(user) if one.pk not in known)]
    found = [one for one in rank(everything, words) if value_of(one) != chosen]
    first = [one for one in everything if value_of(one) == chosen]
    shown = [*first, *found[:SHOWN]]
    return shown, len(found) > SHOWN


def _counted(message: Message, places: Sequence[Destination]) -> list[Target]:
    outside = _who_cannot_read(message)
    new = [one.pk for one in places if not one.conversation]
    people = set(outside.filter(pk__in=new).values_list("pk", flat=True))
    there = Membership.objects.order_by().filter(
        conversation__in=[one.conversation for one in places if one.conversation], user__in=outside
    )
    numbers = dict(
        there.values("conversation").annotate(number=Count("pk")).values_list("conversation", "number")
    )
    return [
        Target(one, numbers.get(one.conversation, 0) if one.conversation else int(one.pk in people))
        for one in places
    ]


def _who_cannot_read(message: Message) -> UserQuerySet:
    """The active people who are not in the conversation; for the first messages of a public room, only those
    who could not join it."""
    room = message.conversation
    outside = User.objects.active().exclude(
        pk__in=Membership.objects.filter(conversation=room).values("user")
    )
    if room.is_room and not room.is_private and message.parent_message_id is None:
        banned = RoomBan.objects.filter(conversation=room).values("user")
        outside = outside.filter(Q(role=User.Role.GUEST) | Q(pk__in=banned))
    return outside.order_by()
