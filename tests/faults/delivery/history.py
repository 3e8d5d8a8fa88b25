"""What happened in a run, in the order in which it did: records that can be kept as lines of JSON."""

import json
import threading
import time
from pathlib import Path
from typing import Any

Record = dict[str, Any]


class History:
    """Records have a `kind`, and `at`: the seconds since the run began.

    begin     an act of a member begins: `op` is its number, `who`, `act`, and what it is about
    attempt   one request of it was answered: `status`, 0 without an answer
    end       it is known what became of it: `status`
    page      a tab loaded its list: `rows`, `cursor`, `badges`; `fresh` if its stream told it to
    swap      a tab changed its list: `born` and `changed` rows, the new `cursor` or None, and the `source`
    badges    a tab got new badges
    stream    a tab's stream was opened or has ended: `what`
    nemesis   what was done to the servers: `what`
    membership  of `who` was `taken`, or is about to be `given` again
    stranger  what somebody who may not read was shown: the `texts` of messages in it
    sync      the server began to write all that it has to the disk (`syscalls.py`)
    final     the `database`, and what a `page` of each member shows
    """

    def __init__(self, records: list[Record] | None = None) -> None:
        self.records: list[Record] = records or []
        self._lock = threading.Lock()
        self._begun, self._begun_at = time.monotonic(), time.time()
        self._ops = 0

    def add(self, kind: str, **content: Any) -> Record:
        with self._lock:
            record = {"kind": kind, "at": round(time.monotonic() - self._begun, 4), **content}
            self.records.append(record)
        return record

    def since_begun(self, moment: float) -> float:
        """A moment of the machine's clock as `at`."""
        return round(moment - self._begun_at, 4)

    def begin(self, **content: Any) -> int:
        """Record that an act begins. Returns its number."""
        with self._lock:
            self._ops += 1
            number = self._ops
        self.add("begin", op=number, **content)
        return number

    def of(self, kind: str) -> list[Record]:
        return [record for record in self.records if record["kind"] == kind]

    def save(self, path: Path) -> None:
        path.write_text("".join(json.dumps(record) + "\n" for record in self.records))

    @classmethod
    def load(cls, path: Path) -> "History":
        return cls([json.loads(line) for line in path.read_text().splitlines()])
