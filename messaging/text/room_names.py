"""Rooms that a text names, such as `#launch` or `#design team`: finding them, and linking them.

A name can contain spaces, so a text alone does not say where one ends. The longest name of a room that exists
is meant. Rooms are given as a mapping: the name, folded by `key_of`, -> the id.
"""

import html
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from .mentions import LINK_REL
from .scripts import SPACED_LETTER, UNSPACED_CLASS

Rooms = Mapping[str, int]

NO_ROOMS: Final[Rooms] = MappingProxyType({})
ROOM_PATH: Final = re.compile(r"/conversations/[1-9][0-9]*/")
ROOM_CLASS: Final = "room-link"
LONGEST: Final = 80  # characters of a room's name
MOST: Final = 20  # signs of a text that are looked at

# Not inside a word, an address or a path, and no number of a character ("&#38;").
SIGN: Final = re.compile(rf"(?<!{SPACED_LETTER})(?<![#&/@.])#(?=[^\s#])")
# Where a name can end: after a word (of "launch-day", only after "day"), a character of a script without
# spaces, or a sign.
_PART: Final = re.compile(rf"{SPACED_LETTER}++(?![-.]{SPACED_LETTER})|[{UNSPACED_CLASS}]|[^\w\s]")
_LINK: Final = re.compile(rf'<a class="{ROOM_CLASS}" href="/conversations/([0-9]+)/"[^>]*>#([^<]*)</a>')


class RoomName(NamedTuple):
    """Where a room is named, with the sign, and its id."""

    start: int
    stop: int
    pk: int


def possible_rooms(content: str) -> set[str]:
    """The keys of all rooms that a text may name."""
    if "#" not in content:
        return set()
    signs = list(SIGN.finditer(content))[:MOST]
    return {key for sign in signs for _, key in _names_at(content, sign.end())}


def find_rooms(text: str, before: str, rooms: Rooms) -> Iterator[RoomName]:
    """Yield the rooms that a piece of a text names. `before` is the character before the piece."""
    if not rooms or "#" not in text:
        return
    end = 0
    for sign in SIGN.finditer(before + text, len(before)):
        start = sign.start() - len(before)
        if start < end:
            continue
        known = ((stop, key) for stop, key in _names_at(text, start + 1) if key in rooms)
        if found := next(known, None):
            end = found[0]
            yield RoomName(start, end, rooms[found[1]])


def room_link(text: str, pk: int) -> str:
    """The HTML of a room that is named, as it was typed."""
    name = html.escape(text, quote=False)
    return f'<a class="{ROOM_CLASS}" href="/conversations/{pk}/" dir="auto" rel="{LINK_REL}">{name}</a>'


def rooms_in(content_html: str) -> dict[str, int]:
    """The rooms to which rendered HTML links, by the names that it shows."""
    return {key_of(html.unescape(name)): int(pk) for pk, name in _LINK.findall(content_html)}


def key_of(name: str) -> str:
    """A name in the form in which names of rooms are compared."""
    return name.casefold()


def _names_at(text: str, start: int) -> list[tuple[int, str]]:
    """What may be a name here: where it ends and its key, the longest first."""
    line = text[start : start + LONGEST].partition("\n")[0]
    return [(start + part.end(), key_of(line[: part.end()])) for part in _PART.finditer(line)][::-1]
