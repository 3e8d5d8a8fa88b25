"""Exporting rooms as an archive, which can be imported again."""

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypedDict

from messaging.archive.importing import ROOM
from messaging.archive.lines import LONGEST_NAME, NAMESPACE, OWN_ID
from messaging.archive.people import NICK
from messaging.models import Conversation, Installation, Message, User


class Line(TypedDict):
    id: str
    room: str
    sent_at: str
    sender: str
    text: str
    reply_to: str | None


def archive_lines(rooms: Iterable[Conversation]) -> Iterator[str]:
    """The messages of these rooms, each room in its order, as lines of JSON.

    A removed message is left out; what answered it answers the nearest message above that has words.
    """
    rooms = list(rooms)
    rooms_called = Counter(map(_given_name, rooms))
    epoch = Installation.objects.current().epoch
    for room in rooms:
        name = _given_name(room)
        if rooms_called[name] > 1 and not room.external_id:
            name = f"{name[: LONGEST_NAME - 20].rstrip()} ({room.pk})"
        for line in _lines_of(room, name, epoch):
            yield json.dumps(line, ensure_ascii=False) + "\n"


def _given_name(room: Conversation) -> str:
    """What the room is called: where an import made it, as that archive called it."""
    return room.external_id.removeprefix(ROOM) if room.external_id else room.name


def _lines_of(room: Conversation, name: str, epoch: uuid.UUID) -> Iterator[Line]:
    names: dict[int | None, str | None] = {None: None}  # what a message is called, by its id
    messages = Message.rows.filter(conversation=room).order_by("seq").select_related("sender")
    for message in messages.iterator(chunk_size=2_000):
        parent = names[message.parent_message_id]
        if message.is_removed:
            names[message.pk] = parent
            continue
        names[message.pk] = name_of_message = _name_of(message, epoch)
        yield Line(
            id=name_of_message,
            room=name,
            sent_at=message.timestamp.isoformat(),
            sender=_nick(message.sender),
            text=message.content,
            reply_to=parent,
        )


def _nick(person: User | None) -> str:
    """An imported person is called what they were called there, anybody else by their username."""
    return (person.external_id or person.username).removeprefix(NICK) if person else ""


def _name_of(message: Message, epoch: uuid.UUID) -> str:
    """What the message is called in every archive: by its `client_id`, or one that never changes."""
    own = message.client_id or uuid.uuid5(NAMESPACE, f"{epoch}/{message.pk}")
    return f"{OWN_ID}{own}"
