"""What the naive Parley consists of: people, places, messages, and who each message is for.

`pk` is the id of the real one, once there is one.
"""

from dataclasses import dataclass, field
from uuid import UUID


class Refused(Exception):
    """It may not be done, and trying it changes nothing."""


class Taken(Refused):
    """The `client_id` was used for something else."""


class Conflict(Refused):
    """Somebody edited the message since the editor opened it."""


@dataclass(eq=False)
class Person:
    name: str
    active: bool = True
    pk: int = 0


@dataclass(eq=False)
class Place:
    kind: str
    members: list[Person]  # in the order in which they came
    maker: Person | None = None
    is_private: bool = True
    moderators: set[Person] = field(default_factory=set)
    version: int = 0
    reset_version: int = 0
    members_version: int = 0
    gone: bool = False
    pk: int = 0

    def may_write(self, person: Person) -> bool:
        """Members may who were not shut out of the site."""
        return person in self.members and person.active

    def let_go(self, person: Person) -> None:
        """A room whose last moderator goes gets whoever is in it longest."""
        self.members = [member for member in self.members if member is not person]
        if person in self.moderators:
            self.moderators.discard(person)
            able = [member for member in self.members if member.active]
            if not self.moderators.intersection(able):
                self.moderators.update(able[:1])


@dataclass(eq=False)
class Said:
    """A message; `sender` is nobody once it is anonymous."""

    place: Place
    sender: Person | None
    text: str
    parent: "Said | None" = None
    client_id: UUID | None = None
    seq: int = 0
    version: int = 0
    earlier: list[tuple[str, Person | None]] = field(default_factory=list)
    mentions: set[Person] = field(default_factory=set)
    removed: bool = False
    gone: bool = False
    pk: int = 0

    def __post_init__(self) -> None:
        self.typed = self.text  # whatever becomes of it

    @property
    def root(self) -> "Said":
        return self.parent.root if self.parent else self

    @property
    def depth(self) -> int:
        return self.parent.depth + 1 if self.parent else 0

    @property
    def html(self) -> str:
        """What the few words that the test uses are rendered to."""
        marked = {f"@{person.name}" for person in self.mentions}
        words = self.text.split()
        words = [f'<span class="mention">{word}</span>' if word in marked else word for word in words]
        return f"<p>{' '.join(words)}</p>" if words else ""


@dataclass(eq=False)
class Row:
    """That a message is for a person."""

    said: Said
    person: Person
    reason: str
    unread: bool = True
