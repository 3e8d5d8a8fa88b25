"""Records on disk while an archive is read, since no message can be placed before all lines are known."""

import json
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
    room TEXT, client_id BLOB, sent_at TEXT, sender TEXT, texts TEXT, reply_to BLOB,
    messages INTEGER,
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
        texts = json.dumps(record.texts)
        values = (record.room, client_id, record.sent_at.isoformat(), record.sender, texts, reply_to)
        added = self._database.execute(
            "INSERT OR IGNORE INTO record VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, len(record.texts), *place),
        )
        return added.rowcount == 1

    def rooms(self) -> list[str]:
        """The names of all rooms, in the order in which the files name them."""
        rows = self._database.execute("SELECT room FROM record GROUP BY room ORDER BY min(number)")
        return [name for (name,) in rows]

    def entries(self, room: str) -> Iterator[Entry]:
        """The records of a room without their texts, in any order."""
        rows = self._database.execute(
            "SELECT sent_at, number, client_id, sender, reply_to, messages FROM record WHERE room = ?", [room]
        )
        for sent_at, number, client_id, sender, reply_to, messages in rows:
            moment, own_id = datetime.fromisoformat(sent_at), uuid.UUID(bytes=client_id)
            yield Entry(moment, number, own_id, sender, reply_to and uuid.UUID(bytes=reply_to), messages)

    def texts(self, number: int) -> tuple[list[str], Place]:
        """The texts of a record, and where it stands in the files."""
        select = "SELECT texts, file, line FROM record WHERE number = ?"
        texts, *place = self._database.execute(select, [number]).fetchone()
        return json.loads(texts), Place(*place)
