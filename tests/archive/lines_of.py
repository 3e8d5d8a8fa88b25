"""Archives made for tests: lines, files, and what is in the database after they were read."""

import gzip
import json
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from messaging.archive.importing import Importer, Tally
from messaging.models import Conversation, Message, User

START = datetime(2004, 11, 15, 15, 10, tzinfo=UTC)
NICKS = ["|trey|", "Matt|", "{bob}", "bob", "Bob", "bob_", "größe", "山田", "a" * 80, "-._-", "x y"]
WORDS = [
    "apt-get",
    "**bold**",
    "`code`",
    "http://example.org/a_b",
    "@bob",
    ":smile:",
    "<b>&amp;",
    "größe",
    "山田",
]
WORDS += ["`code`", ">", "#", "-", "1.", "~", "[x](y)", "___", "|", "\\", "'", '"']


def line(**fields: Any) -> dict[str, Any]:
    """The fields of a valid line. Arguments replace fields; a field that is `...` is left out."""
    whole = {
        "id": "1",
        "room": "ubuntu",
        "sent_at": START.isoformat(),
        "sender": "trey",
        "text": "hello",
        "reply_to": None,
    }
    return {key: value for key, value in {**whole, **fields}.items() if value is not ...}


def random_lines(number: int, seed: int = 1, rooms: int = 3) -> list[dict[str, Any]]:
    """`number` valid lines of a random archive, always the same for the same seed."""
    chance = random.Random(seed)
    names: dict[str, list[str]] = {f"room {index}": [] for index in range(rooms)}
    lines = []
    for index in range(number):
        room = chance.choice(list(names))
        parent = chance.choice(names[room][-8:]) if names[room] and chance.random() < 0.4 else None
        text = " ".join(chance.choices(WORDS, k=chance.randint(1, 12)))
        sent_at = START + timedelta(seconds=7 * index, microseconds=chance.randrange(1_000_000))
        name = f"{room}/{index}"
        names[room].append(name)
        lines.append(
            line(
                id=name,
                room=room,
                sent_at=sent_at.isoformat(),
                sender=chance.choice(NICKS),
                text=text,
                reply_to=parent,
            )
        )
    return lines


def as_bytes(lines: Iterable[dict[str, Any] | bytes]) -> bytes:
    whole = (one if isinstance(one, bytes) else json.dumps(one).encode() for one in lines)
    return b"".join(one + b"\n" for one in whole)


def write(path: Path, lines: Iterable[dict[str, Any] | bytes]) -> Path:
    """Writes the lines to a file, compressed if its name ends with .gz."""
    plain = as_bytes(lines)
    path.write_bytes(gzip.compress(plain) if path.suffix == ".gz" else plain)
    return path


def import_lines(lines: Iterable[dict[str, Any] | bytes]) -> tuple[Tally, list[str]]:
    """Imports these lines; returns the tally and the reports."""
    reports: list[str] = []
    importer = Importer(report=reports.append)
    importer.read(enumerate(as_bytes(lines).splitlines(), start=1), "test")
    for _ in importer.write():
        pass
    return importer.tally, reports


class Stored(NamedTuple):
    """A message as an archive contains it. `position` counts from 0 in each room; `parent` is a position."""

    room: str
    position: int
    sent_at: datetime
    sender: str
    text: str
    parent: int | None


def stored_messages() -> list[Stored]:
    """All messages of all imported rooms, in order."""
    rows = Message.rows.filter(conversation__external_id__isnull=False).select_related(
        "sender", "conversation"
    )
    positions: dict[int, int] = {}
    in_room: dict[int, int] = {}
    found = []
    for row in rows.order_by("conversation__name", "seq"):
        position = positions[row.pk] = in_room.get(row.conversation_id, 0)
        in_room[row.conversation_id] = position + 1
        parent = positions[row.parent_message_id] if row.parent_message_id else None
        found.append(
            Stored(row.conversation.name, position, row.timestamp, _nick(row.sender), row.content, parent)
        )
    return found


def state() -> list[Any]:
    """What a repeated import could have changed."""
    rooms = Conversation.objects.order_by("pk").values_list("pk", "version", "last_message_at")
    return [*rooms, *Message.rows.order_by("pk").values_list(), *User.objects.order_by("pk").values_list()]


def _nick(person: User | None) -> str:
    assert person, "An import makes no message without a sender."
    return person.display_name
