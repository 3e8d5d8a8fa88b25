"""What a tab shows, built up from the records of it as the page's scripts build it up."""

from collections import Counter

from tests.faults.delivery.history import Record
from tests.faults.delivery.rows import Row

MAX_ROWS = 200  # of a tab; a page keeps up to 400 (static/js/scrolling.js)


def version_of(cursor: str) -> int:
    return int(cursor.split(".")[2])


class View:
    """The list, the cursor and the badges of a tab."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.cursor = ""
        self.badges: dict[str, int] = {}

    def apply(self, record: Record) -> list[str]:
        """Apply a record of this tab. Returns what was wrong at this moment."""
        if record["kind"] == "page":
            return self._load(record)
        if record["kind"] == "badges":
            self.badges = record["badges"]
        if record["kind"] == "swap":
            return self._swap(record)
        return []

    def _load(self, record: Record) -> list[str]:
        self.rows = [Row(*row) for row in record["rows"]]
        self.cursor, self.badges = record["cursor"], record["badges"]
        return self._faults()

    def _swap(self, record: Record) -> list[str]:
        is_stream = record["source"] == "stream"
        found = []
        for row in (Row(*row) for row in record["born"]):
            found += self._upsert(row, is_stream)
        for row in (Row(*row) for row in record["changed"]):
            self._replace(row)
        if record["cursor"]:
            if version_of(record["cursor"]) < version_of(self.cursor):
                found.append(f"the cursor went back from {self.cursor} to {record['cursor']}")
            self.cursor = record["cursor"]
        return found + self._faults()

    def _upsert(self, row: Row, is_stream: bool) -> list[str]:
        if any(shown.pk == row.pk for shown in self.rows):
            self._replace(row)
            return []
        found = []
        is_in_list = not self.rows or row.seq > self.rows[0].seq
        if is_stream and is_in_list and row.seq <= version_of(self.cursor):
            found.append(f"message {row.pk} came after its place was passed ({row.seq} of {self.cursor})")
        self.rows = sorted([*self.rows, row], key=lambda one: one.seq)[-MAX_ROWS:]
        return found

    def _replace(self, row: Row) -> None:
        """As the page: never by an older version of the message, and only where it is shown."""
        self.rows = [
            row if row.pk == shown.pk and row.version >= shown.version else shown for shown in self.rows
        ]

    def _faults(self) -> list[str]:
        found = []
        for name in ("pk", "seq", "client"):
            counts = Counter(getattr(row, name) for row in self.rows)
            if doubled := [value for value, count in counts.items() if value and count > 1]:
                found.append(f"two rows have the same {name}: {doubled}")
        seqs = [row.seq for row in self.rows]
        if seqs != sorted(seqs):
            found.append(f"the rows are not in order: {seqs}")
        return found
