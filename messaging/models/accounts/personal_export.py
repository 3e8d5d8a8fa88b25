"""All of a person's data, in a zip that is made while it is sent: no copy stays on the server."""

import io
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.files.storage import default_storage

from messaging.models.accounts.personal_data import own_messages, parts_of, profile_of
from messaging.models.people.user import User

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

README = """What Parley knows about you, and what you wrote.

profile.json         your profile and settings, your sessions and two-factor methods, your invitations,
                     and the people you blocked
conversations.json   the conversations that you are in, since when, and your settings for each
messages.jsonl       your messages, oldest first, a line of JSON each, with their earlier texts
files                the files that you sent or uploaded, by the ids in messages.jsonl
picture              your profile picture, if you have one

Other people's messages are not included.
"""
PIECE_BYTES = 64 * 1024


class ZipBuffer(io.RawIOBase):
    """The write-only file that the zip is written to; what was written is taken out in parts."""

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
    buffer = ZipBuffer()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, lines in _files(user):
            with archive.open(name, "w") as file:
                for line in lines:
                    file.write(line)
                    if buffer.waiting >= PIECE_BYTES:
                        yield buffer.take()
    yield buffer.take()


def _files(user: User) -> Iterator[tuple[str, Iterable[bytes]]]:
    yield "README.txt", [README.encode()]
    parts = parts_of(user)
    conversations = parts.pop("conversations")
    yield "profile.json", [_pretty({**profile_of(user), **parts})]
    yield "conversations.json", [_pretty(conversations)]
    yield "messages.jsonl", (line.encode() for line in own_messages(user))
    for file in user.files.exclude(stored_as="").order_by("pk").iterator():
        yield f"files/{file.pk} {file.name}", _stored(file.stored_as)
    if user.avatar:
        with user.avatar.open() as picture:
            yield f"picture.{user.avatar_name.rpartition('.')[2]}", [picture.read()]


def _stored(name: str) -> Iterator[bytes]:
    """The bytes of a file in the storage; none if it was deleted meanwhile."""
    try:
        with default_storage.open(name) as file:
            yield from file.chunks(PIECE_BYTES)
    except FileNotFoundError:
        return


def _pretty(what: object) -> bytes:
    return json.dumps(what, ensure_ascii=False, indent=2, default=str).encode() + b"\n"
