"""The texts of the demo, read from `content/`. Its README describes the format."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

CONTENT = Path(__file__).parent / "content"
PEOPLE = "people.toml"


@dataclass(frozen=True)
class Person:
    username: str
    name: str


@dataclass(frozen=True)
class Edit:
    after: int
    text: str


@dataclass(frozen=True, eq=False)  # compared by identity: two people may send the same text at the same time
class Line:
    """One message: its time, author and text, and its edits and removal, in minutes after it was sent.

    `reactions` are an emoji and a username each, `poll` the choices with the usernames of those who voted,
    `pictures` a file name and an alternative text each. `pinned` is the username of who pinned it.
    """

    at: str
    by: str
    text: str
    key: str = ""
    answers: str = ""
    edits: tuple[Edit, ...] = ()
    removed: int | None = None
    unread_for: frozenset[str] = frozenset()
    reactions: tuple[tuple[str, str], ...] = ()
    poll: tuple[tuple[str, tuple[str, ...]], ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()
    pinned: str = ""

    @classmethod
    def read(cls, entry: dict[str, Any]) -> "Line":
        """A line from a `[[say]]` entry. Raises TypeError for an unknown key."""
        edits = tuple(Edit(**edit) for edit in entry.pop("edits", ()))
        by_emoji = entry.pop("reactions", {}).items()
        reactions = tuple((emoji, who) for emoji, people in by_emoji for who in people)
        poll = tuple((choice, tuple(voters)) for choice, voters in entry.pop("poll", {}).items())
        pictures = tuple(entry.pop("pictures", {}).items())
        unread_for = frozenset(entry.pop("unread_for", ()))
        return cls(
            edits=edits, unread_for=unread_for, reactions=reactions, poll=poll, pictures=pictures, **entry
        )


@dataclass(frozen=True)
class Scene:
    """One conversation. `people` are its members; the first one created it."""

    kind: Literal["room", "direct", "group"]
    people: tuple[str, ...]
    lines: tuple[Line, ...] = field(repr=False)
    name: str = ""
    topic: str = ""
    private: bool = False

    @classmethod
    def read(cls, path: Path) -> "Scene":
        entry = tomllib.loads(path.read_text(encoding="utf-8"))
        lines = tuple(Line.read(say) for say in entry.pop("say"))
        return cls(people=tuple(entry.pop("people")), lines=lines, **entry)


@cache
def people() -> tuple[Person, ...]:
    """Everybody in the demo. The first one is the owner of the site."""
    entries = tomllib.loads((CONTENT / PEOPLE).read_text(encoding="utf-8"))["person"]
    return tuple(Person(**entry) for entry in entries)


@cache
def scenes() -> tuple[Scene, ...]:
    """Every conversation of the demo, ordered by file name."""
    return tuple(Scene.read(path) for path in sorted(CONTENT.glob("*.toml")) if path.name != PEOPLE)
