"""Records on disk while an archive is read, since no message can be placed before all lines are known."""

import sqlite3
import uuid
from collections.abc import Iterator
from datetime import datetime

from messaging.archive.lines import Record
from messaging.archive.order import Entry
from messaging.archive.tally import Place

_TABLE = """
CREATE TABLE record (
    number INTEGER PRIMARY KEY,
    room TEXT, client_id BLOB, sent_at TEXT, sender TEXT, text TEXT, reply_to BLOB,
    file TEXT, line INTEGER,
    UNIQUE (room, client_id)
)"""


class Spool:
    """Records in a temporary database of SQLite, which nobody else can open and which disappears with it.

    Any method may raise `sqlite3.Error`, for example if the disk is full.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.executescript(_TABLE)

    def __len__(self) -> int:
        return int(self._database.execute("SELECT count(*) FROM record").fetchone()[0])

    def add(self, record: Record, place: Place) -> bool:
        """Add a record; False if its room has one with the same id already."""
        client_id, reply_to = record.client_id.bytes, record.reply_to and record.reply_to.bytes
        values = (record.room, client_id, record.sent_at.isoformat(), record.sender, record.text, reply_to)
        added = self._database.execute(
            "INSERT OR IGNORE INTO record VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)", (*values, *place)
        )
        return added.rowcount == 1

    def rooms(self) -> list[str]:
        """The names of all rooms, in the order in which the files name them."""
        rows = self._database.execute("SELECT room FROM record GROUP BY room ORDER BY min(number)")
        return [name for (name,) in rows]

    def entries(self, room: str) -> Iterator[Entry]:
        """The records of a room without their texts, in any order."""
        rows = self._database.execute(
            "SELECT sent_at, number, client_id, sender, reply_to FROM record WHERE room = ?", [room]
        )
        for sent_at, number, client_id, sender, reply_to in rows:
            parent = uuid.UUID(bytes=reply_to) if reply_to else None
            yield Entry(datetime.fromisoformat(sent_at), number, uuid.UUID(bytes=client_id), sender, parent)

    def text(self, number: int) -> tuple[str, Place]:
        """The text of a record, and where it stands in the files."""
        select = "SELECT text, file, line FROM record WHERE number = ?"
        text, *place = self._database.execute(select, [number]).fetchone()
        return text, Place(*place)
