"""Reading the lines of an archive. Each line is a record, or raises BadLine with a reason."""

import gzip
import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError

from messaging.models.conversations.names import NAME_LENGTH
from messaging.text import clean_text, split_text

GZIP_MAGIC = b"\x1f\x8b"
# The ids of messages in archives become UUIDs in this namespace (RFC 9562, version 5).
NAMESPACE = uuid.UUID("8f3c1a52-6d0b-5e5e-9c0a-6a1b7d2f4c11")
OWN_ID = "urn:uuid:"


class BadLine(ValueError):
    """A line without a valid message; the argument is the reason."""


@dataclass(slots=True)
class Record:
    """A valid line. Its text is in several parts if it is longer than a message can be.

    `long_names` are those of the room and the sender that were longer than `NAME_LENGTH`, as shortened.
    """

    client_id: uuid.UUID
    room: str
    sent_at: datetime
    sender: str
    texts: list[str]
    reply_to: uuid.UUID | None
    long_names: frozenset[str] = frozenset()


class ArchiveFile:
    """An archive on disk, plain or gzip. It knows how much of it has been read."""

    def __init__(self, path: Path) -> None:
        self.size = path.stat().st_size
        self._raw: BinaryIO = path.open("rb")
        compressed = self._raw.read(2) == GZIP_MAGIC
        self._raw.seek(0)
        self._lines: Any = gzip.GzipFile(fileobj=self._raw) if compressed else self._raw

    @property
    def share_read(self) -> float:
        """Which share of the file has been read, from 0 to 1."""
        return min(1.0, self._raw.tell() / self.size) if self.size else 1.0

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        yield from enumerate(self._lines, start=1)

    def close(self) -> None:
        self._raw.close()


def parse(line: bytes) -> Record:
    """The record on a line.

    Raises:
        BadLine: it is not a JSON object, or a value is missing, has the wrong type or is refused.
    """
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise BadLine("not a JSON object")
    names = _name(value, "room"), _name(value, "sender")
    room, sender = map(shortened, names)
    reply_to = value.get("reply_to")
    return Record(
        client_id=client_id_of(_text(value, "id"), room),
        room=room,
        sent_at=_moment(_text(value, "sent_at")),
        sender=sender,
        texts=split_text(_cleaned("text", _text(value, "text"), max_length=None)),
        reply_to=client_id_of(_text(value, "reply_to"), room) if reply_to is not None else None,
        long_names=frozenset((room, sender)).difference(names),
    )


def shortened(name: str) -> str:
    """The name. If it is too long, its beginning and a hash, so that different names stay different."""
    if len(name) <= NAME_LENGTH:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: NAME_LENGTH - 10].rstrip()}… {digest}"


def client_id_of(name: str, room: str) -> uuid.UUID:
    """The `client_id` of a message, from its id in the archive. Parley's own archives contain it directly.

    Ids in other archives need to be unique within a room only.
    """
    if name.startswith(OWN_ID):
        try:
            return uuid.UUID(name.removeprefix(OWN_ID))
        except ValueError:
            raise BadLine(f"“{name[:60]}” is not a valid id") from None
    plain = name.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return uuid.uuid5(NAMESPACE, f"{room}\n{plain}")  # the name of a room has no line breaks


def _text(value: dict[str, Any], key: str) -> str:
    if key not in value:
        raise BadLine(f"“{key}” is missing")
    if not isinstance(value[key], str):
        raise BadLine(f"“{key}” is not a text")
    return value[key]


def _name(value: dict[str, Any], key: str) -> str:
    return _cleaned(key, _text(value, key), max_length=None, single_line=True)


def _cleaned(key: str, text: str, **limits: Any) -> str:
    try:
        return clean_text(text, **limits)
    except ValidationError as error:
        raise BadLine(f"“{key}”: {' '.join(error.messages)}") from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadLine(f"“sent_at”: {text[:40]!r} is not a time like 2004-11-15T15:10:00+00:00") from None
