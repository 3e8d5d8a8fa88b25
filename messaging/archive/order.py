"""The order of a room's messages: by time, and each reply after the message that it answers."""

import uuid
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from datetime import datetime
from heapq import heapify, heappop, heappush
from typing import NamedTuple


class Entry(NamedTuple):
    """What the place of a record depends on. Sorting entries puts them in the order of their times."""

    sent_at: datetime
    number: int  # its place in the files: no two entries have the same
    client_id: uuid.UUID
    sender: str
    reply_to: uuid.UUID | None
    messages: int = 1  # how many it becomes
    is_orphan: bool = False  # what it answered is missing


def in_order(entries: Iterable[Entry], stored: Container[uuid.UUID]) -> Iterator[Entry]:
    """The entries of a room in the order in which they are to be stored.

    They come in the order of their times; at the same time, in that of the files. Only a reply whose time is
    before that of a message above it in its thread comes later than its time says, namely after that message.

    Args:
        entries: no two with the same `client_id`.
        stored: the ids of messages that the room has already.

    Yields:
        The entries. A reply is an orphan if what it answers is missing; so is the earliest one of replies
        that answer each other in a circle.
    """
    by_id = {entry.client_id: entry for entry in entries}
    orphans = _orphans(by_id, stored)
    replies: dict[uuid.UUID, list[Entry]] = defaultdict(list)
    ready: list[Entry] = []
    for entry in by_id.values():
        if entry.client_id in orphans:
            ready.append(entry._replace(reply_to=None, is_orphan=True))
        elif entry.reply_to in by_id:
            replies[entry.reply_to].append(entry)
        else:
            ready.append(entry)
    heapify(ready)
    while ready:
        entry = heappop(ready)
        yield entry
        for reply in replies[entry.client_id]:
            heappush(ready, reply)


def _orphans(by_id: dict[uuid.UUID, Entry], stored: Container[uuid.UUID]) -> set[uuid.UUID]:
    """The replies to missing messages, and the earliest one of each circle."""
    orphans = set()
    seen: set[uuid.UUID] = set()
    for entry in by_id.values():
        path = []
        while entry.client_id not in seen:
            seen.add(entry.client_id)
            path.append(entry)
            if entry.reply_to is None or entry.reply_to in stored:
                break
            if entry.reply_to not in by_id:
                orphans.add(entry.client_id)
                break
            entry = by_id[entry.reply_to]
        else:
            if entry in path:
                orphans.add(min(path[path.index(entry) :]).client_id)
    return orphans
