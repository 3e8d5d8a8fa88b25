"""Importing an archive: in bulk, with everything that signals would have written, and safe to repeat.

Imported messages count as read: nobody is notified, and nobody becomes a member. Each batch is one
transaction, and a message is recognised by its `client_id`. So an import that was interrupted continues where
it stopped when it is started again.
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

BATCH_SIZE = 2_000  # messages in one transaction


class Stored(NamedTuple):
    """A stored message, with what its replies need to know about it."""

    pk: int
    root: int
    depth: int


@dataclass
class Tally:
    """How many lines were read, and what became of them. `orphans` are replies whose parent is missing."""

    read: int = 0
    added: int = 0
    known: int = 0
    bad: int = 0
    orphans: int = 0


@dataclass
class ImportedRoom:
    """A room that was created by an import, and its messages by their `client_id`."""

    conversation: Conversation
    stored: dict[uuid.UUID, Stored] = field(default_factory=dict)

    @classmethod
    def open(cls, name: str) -> "ImportedRoom":
        """The room that an import created under this name, never one that a person created."""
        conversation, created = Conversation.objects.get_or_create(
            external_id=IMPORTED + name,
            defaults={"kind": Conversation.Kind.ROOM, "name": name},
        )
        room = cls(conversation)
        if not created:
            rows = conversation.messages.filter(client_id__isnull=False)
            for client_id, pk, root, depth in rows.values_list("client_id", "pk", "thread_root_id", "depth"):
                if client_id:
                    room.stored[client_id] = Stored(pk, root or pk, depth)
        return room


class Importer:
    """Imports records in batches.

    Args:
        report: is called with a sentence about each line that was skipped.
    """

    def __init__(self, report: Callable[[str], None] = print) -> None:
        self.tally = Tally()
        self._report = report
        self._people = ImportedPeople()
        self._rooms: dict[str, ImportedRoom] = {}
        self._batch: list[Record] = []

    def add_lines(self, lines: Iterable[tuple[int, bytes]], name: str) -> None:
        """Import numbered lines of a file. An invalid line is reported with its number, and skipped."""
        for number, line in lines:
            if not line.strip():
                continue
            self.tally.read += 1
            try:
                self._batch.append(parse(line))
            except BadLine as reason:
                self.tally.bad += 1
                self._report(f"{name}, line {number}: skipped, {reason}")
            if len(self._batch) >= BATCH_SIZE:
                self.flush()
        self.flush()

    def flush(self) -> None:
        """Write the current batch, in one transaction."""
        by_room: dict[str, list[Record]] = defaultdict(list)
        for record in self._batch:
            by_room[record.room].append(record)
        self._batch = []
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
        new: dict[uuid.UUID, Record] = {}
        for record in records:
            if record.client_id in room.stored or record.client_id in new:
                self.tally.known += 1
            else:
                new[record.client_id] = record
        self._people.add(record.sender for record in new.values())
        self._drop_known_in_other_rooms(new)
        if not new:
            return
        self.tally.added += len(new)
        latest = max(record.sent_at for record in new.values())
        with room.conversation.writing(count=len(new), last_message_at=_later_of(latest)) as last:
            first = last - len(new) + 1
            levels = self._levels(room, new)
            seqs = {client_id: seq for seq, client_id in enumerate(new, start=first)}
            for level in levels:
                self._insert(room, {seqs[record.client_id]: record for record in level})
            stored = [room.stored[client_id] for client_id in new]
            old_roots = {one.root for one in stored} - {one.pk for one in stored}
            # The root of a thread shows a summary of its replies, so it has changed too.
            Message.rows.filter(pk__in=old_roots).update(version=last)

    def _drop_known_in_other_rooms(self, new: dict[uuid.UUID, Record]) -> None:
        """Drop messages whose sender and `client_id` exist in another room: the pair is unique."""
        for chunk in in_chunks(list(new)):
            senders = {self._people[new[client_id].sender] for client_id in chunk}
            rows = Message.rows.filter(sender__in=senders, client_id__in=chunk)
            for sender_id, client_id in rows.values_list("sender_id", "client_id"):
                if client_id and sender_id == self._people[new[client_id].sender]:
                    del new[client_id]
                    self.tally.known += 1

    def _levels(self, room: ImportedRoom, new: dict[uuid.UUID, Record]) -> list[list[Record]]:
        """The records grouped by how many of their ancestors are new, so that parents are stored first."""
        levels: list[list[Record]] = []
        level_of: dict[uuid.UUID, int] = {}
        for client_id, record in new.items():
            if record.reply_to and record.reply_to in level_of:
                level_of[client_id] = level_of[record.reply_to] + 1
            else:
                level_of[client_id] = 0
                if record.reply_to and record.reply_to not in room.stored:
                    self.tally.orphans += 1
                    record.reply_to = None
            if level_of[client_id] == len(levels):
                levels.append([])
            levels[level_of[client_id]].append(record)
        return levels

    def _insert(self, room: ImportedRoom, records: dict[int, Record]) -> None:
        """Insert messages by their seq. Their parents must be stored already."""
        conversation_id = room.conversation.pk
        rows = []
        for seq, record in records.items():
            parent = room.stored[record.reply_to] if record.reply_to else None
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
        # A query, because SQLite before 3.35 does not return the ids (RETURNING).
        inserted = Message.rows.filter(
            conversation=conversation_id, seq__gte=min(records), seq__lte=max(records)
        )
        ids = dict(inserted.values_list("seq", "pk"))
        for row in rows:
            pk = ids[row.seq]
            room.stored[records[row.seq].client_id] = Stored(pk, row.thread_root_id or pk, row.depth)


def _later_of(moment: datetime) -> Greatest:
    """The later one of the stored time of the latest message and this moment."""
    latest = Value(moment, output_field=DateTimeField())
    return Greatest(Coalesce(F("last_message_at"), latest), latest)
