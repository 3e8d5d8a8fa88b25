"""Importing an archive: in bulk, with what the signals would have written, and safe to repeat.

Messages are read and old: nobody is notified, and nobody is a member. Each piece is one transaction, and a
message is known by its `client_id`, so that an import that was killed goes on where it was when it is started
again.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Coalesce, Greatest

from messaging.archive.lines import BadLine, Record, parse
from messaging.archive.people import ImportedPeople
from messaging.models import Conversation, Message
from messaging.models.conversations.conversation import IMPORTED
from messaging.models.db.batches import in_chunks
from messaging.text import RENDERER_VERSION, render

PIECE = 2_000  # messages in one transaction


class Place(NamedTuple):
    """Where a message is, as its answers need to know it."""

    pk: int
    root: int
    depth: int


@dataclass
class Tally:
    read: int = 0
    added: int = 0
    known: int = 0
    bad: int = 0
    orphans: int = 0


@dataclass
class ImportedRoom:
    """A room that an import made, and the places of its messages."""

    conversation: Conversation
    places: dict[uuid.UUID, Place] = field(default_factory=dict)

    @classmethod
    def open(cls, name: str) -> "ImportedRoom":
        """The room that an import made under this name: never one that a person made."""
        conversation, made = Conversation.objects.get_or_create(
            external_id=IMPORTED + name,
            defaults={"kind": Conversation.Kind.ROOM, "name": name},
        )
        room = cls(conversation)
        if not made:
            rows = conversation.messages.filter(client_id__isnull=False)
            for client_id, pk, root, depth in rows.values_list("client_id", "pk", "thread_root_id", "depth"):
                if client_id:
                    room.places[client_id] = Place(pk, root or pk, depth)
        return room


class Importer:
    """Takes records in, a piece at a time."""

    def __init__(self, report: Callable[[str], None] = print) -> None:
        self.tally = Tally()
        self._report = report
        self._people = ImportedPeople()
        self._rooms: dict[str, ImportedRoom] = {}
        self._waiting: list[Record] = []

    def take(self, lines: Iterable[tuple[int, bytes]], name: str) -> None:
        """Import numbered lines. A bad one is reported with its number, and passed over."""
        for number, line in lines:
            if not line.strip():
                continue
            self.tally.read += 1
            try:
                self._waiting.append(parse(line))
            except BadLine as reason:
                self.tally.bad += 1
                self._report(f"{name}, line {number}: skipped, {reason}")
            if len(self._waiting) >= PIECE:
                self.flush()
        self.flush()

    def flush(self) -> None:
        """Write what waits, in one transaction."""
        by_room: dict[str, list[Record]] = defaultdict(list)
        for record in self._waiting:
            by_room[record.room].append(record)
        self._waiting = []
        with transaction.atomic():
            for name, records in by_room.items():
                if name not in self._rooms:
                    self._rooms[name] = ImportedRoom.open(name)
                if self._rooms[name].conversation.removed_at:
                    self.tally.bad += len(records)
                    self._report(f"room {name}: {len(records)} messages skipped, the room was removed here")
                else:
                    self._write(self._rooms[name], records)

    def _write(self, room: ImportedRoom, records: list[Record]) -> None:
        fresh: dict[uuid.UUID, Record] = {}
        for record in records:
            if record.client_id in room.places or record.client_id in fresh:
                self.tally.known += 1
            else:
                fresh[record.client_id] = record
        self._people.add(record.sender for record in fresh.values())
        self._drop_what_is_elsewhere(fresh)
        if not fresh:
            return
        self.tally.added += len(fresh)
        latest = max(record.sent_at for record in fresh.values())
        with room.conversation.writing(count=len(fresh), last_message_at=_not_before(latest)) as last:
            first = last - len(fresh) + 1
            waves = self._waves(room, fresh)
            seqs = {client_id: seq for seq, client_id in enumerate(fresh, start=first)}
            for wave in waves:
                self._insert(room, {seqs[record.client_id]: record for record in wave})
            places = [room.places[client_id] for client_id in fresh]
            answered = {place.root for place in places} - {place.pk for place in places}
            Message.rows.filter(pk__in=answered).update(version=last)  # a root says what its thread holds

    def _drop_what_is_elsewhere(self, fresh: dict[uuid.UUID, Record]) -> None:
        """Pass over what the same people sent under the same ids to another room: it is there already."""
        for chunk in in_chunks(list(fresh)):
            senders = {self._people[fresh[client_id].sender] for client_id in chunk}
            rows = Message.rows.filter(sender__in=senders, client_id__in=chunk)
            for sender_id, client_id in rows.values_list("sender_id", "client_id"):
                if client_id and sender_id == self._people[fresh[client_id].sender]:
                    del fresh[client_id]
                    self.tally.known += 1

    def _waves(self, room: ImportedRoom, fresh: dict[uuid.UUID, Record]) -> list[list[Record]]:
        """The records by how many of their ancestors are new too: a parent is stored before its answers."""
        waves: list[list[Record]] = []
        number: dict[uuid.UUID, int] = {}
        for client_id, record in fresh.items():
            if record.reply_to and record.reply_to in number:
                number[client_id] = number[record.reply_to] + 1
            else:
                number[client_id] = 0
                if record.reply_to and record.reply_to not in room.places:
                    self.tally.orphans += 1
                    record.reply_to = None
            if number[client_id] == len(waves):
                waves.append([])
            waves[number[client_id]].append(record)
        return waves

    def _insert(self, room: ImportedRoom, wave: dict[int, Record]) -> None:
        """Insert messages whose parents are stored, by their seq."""
        conversation_id = room.conversation.pk
        rows = []
        for seq, record in wave.items():
            parent = room.places[record.reply_to] if record.reply_to else None
            rows.append(
                Message(
                    conversation_id=conversation_id,
                    sender_id=self._people[record.sender],
                    parent_message_id=parent.pk if parent else None,
                    thread_root_id=parent.root if parent else None,
                    depth=parent.depth + 1 if parent else 0,
                    content=record.text,
                    content_html=render(record.text),
                    renderer_version=RENDERER_VERSION,
                    timestamp=record.sent_at,
                    read=True,
                    seq=seq,
                    version=seq,
                    client_id=record.client_id,
                )
            )
        Message.rows.bulk_create(rows)
        # Asked for: not every SQLite gives the ids back (RETURNING came with 3.35).
        stored = Message.rows.filter(conversation=conversation_id, seq__gte=min(wave), seq__lte=max(wave))
        ids = dict(stored.values_list("seq", "pk"))
        for row in rows:
            pk = ids[row.seq]
            room.places[wave[row.seq].client_id] = Place(pk, row.thread_root_id or pk, row.depth)


def _not_before(moment: datetime) -> Greatest:
    """The time of the latest message, when one of this moment comes: perhaps it is not the latest."""
    latest = Value(moment, output_field=DateTimeField())
    return Greatest(Coalesce(F("last_message_at"), latest), latest)
