"""The objects of the reference model: people, conversations, messages and notifications.

`pk` is the id of the real object, once there is one.
"""

from dataclasses import dataclass, field
from uuid import UUID

from messaging.text.mentions import mention_link


class Refused(Exception):
    """The action is not allowed, and changes nothing."""


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
    members: list[Person]  # in the order in which they joined
    maker: Person | None = None
    is_private: bool = True
    administrators: set[Person] = field(default_factory=set)
    version: int = 0
    reset_version: int = 0
    members_version: int = 0
    gone: bool = False
    pk: int = 0

    def may_write(self, person: Person) -> bool:
        """Active members may write."""
        return person in self.members and person.active

    def named(self, text: str) -> set[Person]:
        """The members whom a text mentions."""
        return {person for person in self.members if f"@{person.name}" in text.split()}

    def change_members(self) -> None:
        self.version += 1
        self.members_version = self.version

    def remove_member(self, person: Person) -> None:
        """Remove a member. After the last administrator, the longest active member becomes administrator."""
        self.members = [member for member in self.members if member is not person]
        if person in self.administrators:
            self.administrators.discard(person)
            able = [member for member in self.members if member.active]
            if not self.administrators.intersection(able):
                self.administrators.update(able[:1])


@dataclass(eq=False)
class ReferenceMessage:
    """A message; `sender` is None once it is anonymous."""

    place: Place
    sender: Person | None
    text: str
    parent: "ReferenceMessage | None" = None
    client_id: UUID | None = None
    seq: int = 0
    version: int = 0
    earlier: list[tuple[str, Person | None]] = field(default_factory=list)
    mentions: set[Person] = field(default_factory=set)
    removed: bool = False
    gone: bool = False
    pk: int = 0

    def __post_init__(self) -> None:
        self.typed: str | None = self.text  # the text as it was sent; None once that was removed

    @property
    def root(self) -> "ReferenceMessage":
        return self.parent.root if self.parent else self

    @property
    def depth(self) -> int:
        return self.parent.depth + 1 if self.parent else 0

    @property
    def html(self) -> str:
        """The HTML of the few texts that the test uses."""
        links = {f"@{person.name}": mention_link(f"@{person.name}", person.pk) for person in self.mentions}
        words = [links.get(word, word) for word in self.text.split()]
        return f"<p>{' '.join(words)}</p>" if words else ""


@dataclass(eq=False)
class Row:
    """A notification: a message is for a person."""

    message: ReferenceMessage
    person: Person
    reason: str
    unread: bool = True
