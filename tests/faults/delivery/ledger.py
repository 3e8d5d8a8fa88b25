"""What members did, and what is stored at the end: a history as the laws look at it."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.faults.delivery.history import History

NEVER = float("inf")


@dataclass
class Act:
    """Something that a member did. `about` is what the request contained."""

    number: int
    who: str
    name: str
    begun: float
    about: dict[str, Any]
    ended: float = NEVER
    status: int = 0
    attempts: list[int] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        """Whether the server said so."""
        return 200 <= self.status < 300

    @property
    def may_be_done(self) -> bool:
        """Whether it was done, or an attempt got no answer that says that it was not."""
        return self.is_done or any(status == 0 or status >= 500 for status in self.attempts)

    def __str__(self) -> str:
        return f"{self.name} {self.number} of {self.who} ({self.about.get('content', self.about)})"


class Stored(NamedTuple):
    """A message in the database. `texts` are its earlier ones and its own."""

    pk: int
    seq: int
    version: int
    sender: str
    client: str
    removed_at: str | None
    parent: int | None
    root: int | None
    texts: list[str]

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None

    @property
    def text(self) -> str:
        return self.texts[-1]


class Ledger:
    def __init__(self, history: History) -> None:
        self.acts: dict[int, Act] = {}
        self.away = {record["who"] for record in history.of("membership")}  # at some time
        for record in history.records:
            self._read(dict(record))
        self.is_traced = any(record["is_traced"] for record in history.of("plan"))
        self.syncs = [record["at"] for record in history.of("sync")]
        [self.final] = history.of("final")
        earlier: dict[int, list[str]] = defaultdict(list)
        for message, _, text in self.final["database"]["texts"]:
            earlier[message].append(text)
        stored = self.final["database"]["messages"]
        rows = (Stored._make([*row[:-1], [*earlier[row[0]], row[-1]]]) for row in stored)
        self.messages = {row.pk: row for row in rows}

    def _read(self, record: dict[str, Any]) -> None:
        kind, at = record.pop("kind"), record.pop("at")
        if kind == "begin":
            number, who, name = record.pop("op"), record.pop("who"), record.pop("act")
            self.acts[number] = Act(number, who, name, at, record)
        elif kind == "attempt":
            self.acts[record["op"]].attempts.append(record["status"])
        elif kind == "end":
            act = self.acts[record["op"]]
            act.ended, act.status = at, record["status"]

    def named(self, *names: str) -> list[Act]:
        return [act for act in self.acts.values() if act.name in names]

    @property
    def sent(self) -> list[Act]:
        return self.named("send", "reply")

    def made_by(self, act: Act) -> list[Stored]:
        """The messages that a send or a reply made."""
        client = act.about["client_id"]
        return [one for one in self.messages.values() if (one.sender, one.client) == (act.who, client)]
