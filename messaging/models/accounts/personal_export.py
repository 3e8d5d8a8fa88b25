"""All of a person's data, in a zip that is made while it is sent: no copy stays on the server."""

import io
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from messaging.models.accounts.personal_data import own_messages, parts_of, profile_of
from messaging.models.people.user import User

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

README = """What Parley knows about you, and what you wrote.

profile.json         you, your settings, where you are signed in, and whom you invited
conversations.json   where you are, since when, and what you set there
messages.jsonl       what you wrote, oldest first, a line of JSON each, with its earlier texts
picture              how you are seen, if you showed a picture

What others wrote is theirs, and not in here.
"""
PIECE_BYTES = 64 * 1024


class Outlet(io.RawIOBase):
    """The file that the zip is written to, in parts: it cannot be rewound."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.waiting = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: "ReadableBuffer") -> int:
        copy = bytes(piece)
        self._pieces.append(copy)
        self.waiting += len(copy)
        return len(copy)

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        self.waiting = 0
        return taken


def personal_export(user: User) -> Iterator[bytes]:
    """The zip, in parts of about 64 KB."""
    outlet = Outlet()
    with ZipFile(outlet, "w", ZIP_DEFLATED) as archive:
        for name, lines in _files(user):
            with archive.open(name, "w") as file:
                for line in lines:
                    file.write(line)
                    if outlet.waiting >= PIECE_BYTES:
                        yield outlet.take()
    yield outlet.take()


def _files(user: User) -> Iterator[tuple[str, Iterable[bytes]]]:
    yield "README.txt", [README.encode()]
    parts = parts_of(user)
    conversations = parts.pop("conversations")
    yield "profile.json", [_pretty({**profile_of(user), **parts})]
    yield "conversations.json", [_pretty(conversations)]
    yield "messages.jsonl", (line.encode() for line in own_messages(user))
    if user.avatar:
        with user.avatar.open() as picture:
            yield f"picture.{user.picture_name.rpartition('.')[2]}", [picture.read()]


def _pretty(what: object) -> bytes:
    return json.dumps(what, ensure_ascii=False, indent=2, default=str).encode() + b"\n"
