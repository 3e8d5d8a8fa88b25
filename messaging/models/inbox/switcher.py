"""The quick switcher: the places and commands that match what somebody types, the best first."""

from collections.abc import Sequence
from typing import Final

from messaging.models.inbox.destinations import (
    Destination,
    Kind,
    conversations_of,
    joinable_rooms,
    people_for,
    threads_of,
)
from messaging.models.inbox.name_match import Match, Query
from messaging.models.people.user import User

SHOWN: Final = 30
RECENT: Final = 12  # conversations, while nothing is typed
_OF_KIND: Final = {"#": {Kind.ROOM}, "@": {Kind.PERSON}}


def find(user: User, words: str, here: int | None, more: Sequence[Destination]) -> list[Destination]:
    """At most SHOWN destinations, the first of which Enter opens.

    Without words: conversations with something for the person, then those with anything unread, then the
    latest, without the one that is open; and below them pages and commands. With words: by how well the name
    matches, then one's own places, then what is unread, then the latest. "#" before the words finds rooms
    only, and "@" people only.

    Args:
        here: the id of the open conversation.
        more: pages and commands, in the order in which they are shown.
    """
    mine = conversations_of(user)
    if not words:
        places = [one for one in mine if not one.is_archived and one.conversation != here]
        return [*sorted(places, key=_by_need)[:RECENT], *more][:SHOWN]
    direct = {one.pk for one in mine if one.kind == Kind.PERSON}
    people = [one for one in people_for(user) if one.pk not in direct]
    titles = {one.conversation: one.name for one in mine if one.conversation}
    everything = [*mine, *people, *more, *threads_of(user, titles), *joinable_rooms(user, titles)]
    if kinds := _OF_KIND.get(words[0]):
        everything, words = [one for one in everything if one.kind in kinds], words[1:].lstrip()
    return rank(everything, words)[:SHOWN]


def rank(destinations: Sequence[Destination], words: str) -> list[Destination]:
    """Those that match the words, the best first; all of them if there are no words."""
    query = Query.of(words)
    found = []
    for one in destinations:
        match = _match(query, one) if query.text else Match.PREFIX
        if match is not None:
            found.append((match, not one.is_near, *_by_need(one), one))
    return [one for *_, one in sorted(found, key=lambda key: key[:-1])]


def _match(query: Query, one: Destination) -> Match | None:
    match = query.match(one.name)
    if one.kind == Kind.THREAD and match in (Match.INITIALS, Match.FUZZY):
        return None  # its name is a sentence, in which nearly all letters are
    other = query.match(one.also) if one.also else None
    return other if match is None or (other is not None and other < match) else match


def _by_need(one: Destination) -> tuple[bool, bool, float, bool, str]:
    latest = one.latest.timestamp() if one.latest else 0.0
    is_place = one.kind not in (Kind.PAGE, Kind.COMMAND)
    return not one.is_for_me, not one.is_unread, -latest, not is_place, one.name.casefold()
