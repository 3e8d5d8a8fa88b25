"""What an import found, in numbers and in sentences."""

from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from messaging.models.conversations.names import NAME_LENGTH
from messaging.text import MAX_LENGTH

MAX_NAMED = 10  # places of one kind that are named


class Place(NamedTuple):
    """A line of a file, counted from 1."""

    file: str
    line: int


@dataclass
class Places:
    """How many lines something concerns, and which are the first ones, by file and line."""

    count: int = 0
    first: list[Place] = field(default_factory=list)

    def add(self, place: Place) -> None:
        self.count += 1
        insort(self.first, place)
        del self.first[MAX_NAMED:]

    def __str__(self) -> str:
        """Such as "a.jsonl, lines 4, 17; b.jsonl, line 3; and 12 more"."""
        parts = []
        for file, places in groupby(self.first, key=attrgetter("file")):
            lines = [str(place.line) for place in places]
            parts.append(f"{file}, {'lines' if len(lines) > 1 else 'line'} {', '.join(lines)}")
        if more := self.count - len(self.first):
            parts.append(f"and {more:,} more")
        return "; ".join(parts)


@dataclass
class Tally:
    """How many lines were read and skipped, and how many messages were added or existed.

    `split` are texts that became several messages, `shortened` long names, `orphans` replies whose parent is
    missing, `moved` replies that are dated before a message above them in their thread, `late` messages that
    are older than what their room had before this import.
    """

    read: int = 0
    added: int = 0
    known: int = 0
    bad: int = 0
    split: Places = field(default_factory=Places)
    shortened: Places = field(default_factory=Places)
    orphans: Places = field(default_factory=Places)
    moved: Places = field(default_factory=Places)
    late: Places = field(default_factory=Places)

    def sentences(self) -> Iterator[str]:
        """What somebody should know about the messages that were added."""
        found = {
            f"Texts longer than {MAX_LENGTH:,} characters, each split into several messages": self.split,
            f"Names longer than {NAME_LENGTH} characters, shortened": self.shortened,
            "Replies to a missing message, imported as messages of their own": self.orphans,
            "Replies dated before a message that they follow, placed after it": self.moved,
            "Messages older than what their room already had, placed after it": self.late,
        }
        yield from (
            f"{what}: {places.count:,}. See {places}." for what, places in found.items() if places.count
        )
