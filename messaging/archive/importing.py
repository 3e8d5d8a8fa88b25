"""Importing archives: in the order of time, with everything that signals would have written, safe to repeat.

All lines are read before the first message is stored, since the earliest one may stand in the last line.
Then each room is stored in batches. Each batch is one transaction, and a message is recognised by its
`client_id`: an import that was interrupted continues where it stopped when it is started again.

Imported messages count as read: nobody is notified, and nobody becomes a member.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator

from django.db import transaction

from messaging.archive.lines import BadLine, parse
from messaging.archive.order import Entry, in_order
from messaging.archive.people import ImportedPeople
from messaging.archive.rooms import ImportedRoom, NewMessage
from messaging.archive.spool import Spool
from messaging.archive.tally import Place, Tally
from messaging.models import CustomEmoji, Message
from messaging.models.db.batches import in_chunks
from messaging.text import render

BATCH_SIZE = 2_000  # messages in one transaction


class Importer:
    """Reads the lines of one or more files, then writes their messages.

    Args:
        report: is called with a sentence about each line that was skipped.
    """

    def __init__(self, report: Callable[[str], None] = print) -> None:
        self.tally = Tally()
        self._report = report
        self._spool = Spool()
        self._long_names: dict[str, Place] = {}  # where each stands first, until it is reported

    def read(self, lines: Iterable[tuple[int, bytes]], name: str) -> None:
        """Read the numbered lines of a file. An invalid line is reported with its number, and skipped.

        Raises:
            sqlite3.Error: there is no space for temporary files.
        """
        for number, line in lines:
            if not line.strip():
                continue
            self.tally.read += 1
            try:
                record = parse(line)
            except BadLine as reason:
                self.tally.bad += 1
                self._report(f"{name}, line {number}: skipped, {reason}")
                continue
            place = Place(name, number)
            if not self._spool.add(record, place):
                self.tally.known += len(record.texts)
            for long_name in record.long_names:
                self._long_names.setdefault(long_name, place)

    def write(self) -> Iterator[float]:
        """Write what was read, once. Yields after each batch which share is written, from 0 to 1."""
        people = ImportedPeople()
        total, done = len(self._spool), 0
        for name in self._spool.rooms():
            entries = list(self._spool.entries(name))
            room = ImportedRoom.open(name)
            if room.conversation.removed_at:
                self.tally.bad += len(entries)
                self._report(f"room {name}: {len(entries):,} messages skipped, the room was removed here")
                new = []
            else:
                new = self._new(room, entries, people)
                self.tally.known += _messages(entries) - _messages(new)
            done += len(entries) - len(new)
            for batch in _batches(in_order(new, room.stored)):
                self._write(room, batch, people)
                done += len(batch)
                yield done / total

    def _new(self, room: ImportedRoom, entries: list[Entry], people: ImportedPeople) -> list[Entry]:
        """The entries that are not stored, in this room or in another: sender and `client_id` are unique."""
        new = [entry for entry in entries if entry.client_id not in room.stored]
        elsewhere: set[tuple[int | None, uuid.UUID | None]] = set()
        for chunk in in_chunks(new):
            senders = {people.get(entry.sender) for entry in chunk} - {None}
            ids = [entry.client_id for entry in chunk]
            rows = Message.rows.filter(sender__in=senders, client_id__in=ids)
            elsewhere.update(rows.values_list("sender_id", "client_id"))
        return [entry for entry in new if (people.get(entry.sender), entry.client_id) not in elsewhere]

    def _write(self, room: ImportedRoom, batch: list[Entry], people: ImportedPeople) -> None:
        """Write messages of a room, in one transaction."""
        found = [self._spool.texts(entry.number) for entry in batch]
        # Before anything is locked. `rerendering` shows emoji that are added later in these messages too.
        emoji = CustomEmoji.objects.all().pictures()
        html = [[render(text, emoji=emoji) for text in texts] for texts, _ in found]
        with transaction.atomic():
            people.add(entry.sender for entry in batch)
            room.append(
                [
                    NewMessage(client_id, people[entry.sender], entry.sent_at, entry.reply_to, *both)
                    for entry, (texts, _), htmls in zip(batch, found, html, strict=True)
                    for client_id, *both in zip(_client_ids(entry), texts, htmls, strict=True)
                ]
            )
        self.tally.added += _messages(batch)
        for entry, (_, place) in zip(batch, found, strict=True):
            self._note(room, entry, place)

    def _note(self, room: ImportedRoom, entry: Entry, place: Place) -> None:
        """Note what is to be reported of an entry that was written."""
        placed_at = room.stored[entry.client_id].placed_at
        for name in self._long_names.keys() & {room.name, entry.sender}:
            self.tally.shortened.add(self._long_names.pop(name))
        if entry.messages > 1:
            self.tally.split.add(place)
        if entry.is_orphan:
            self.tally.orphans.add(place)
        if placed_at > entry.sent_at:
            self.tally.moved.add(place)
        if room.latest and placed_at < room.latest:
            self.tally.late.add(place)


def _client_ids(entry: Entry) -> list[uuid.UUID]:
    """The ids of the messages that an entry becomes. The last one has the id that replies name."""
    return [*(uuid.uuid5(entry.client_id, str(part)) for part in range(1, entry.messages)), entry.client_id]


def _messages(entries: Iterable[Entry]) -> int:
    """How many messages the entries become."""
    return sum(entry.messages for entry in entries)


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """The entries in groups of about `BATCH_SIZE` messages."""
    batch: list[Entry] = []
    count = 0
    for entry in entries:
        batch.append(entry)
        count += entry.messages
        if count >= BATCH_SIZE:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch
