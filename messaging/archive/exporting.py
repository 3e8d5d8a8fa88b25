"""Exporting rooms as an archive, which can be imported again."""

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypedDict

from messaging.archive.lines import LONGEST_NAME, NAMESPACE, OWN_ID
from messaging.archive.people import NICK
from messaging.models import Conversation, Installation, Message, User
from messaging.models.conversations.conversation import IMPORTED


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
    call = MessageNames(Installation.objects.current().epoch)
    for room in rooms:
        name = _given_name(room)
        if rooms_called[name] > 1 and not room.external_id:
            name = f"{name[: LONGEST_NAME - 20].rstrip()} ({room.pk})"
        for line in _lines_of(room, name, call):
            yield json.dumps(line, ensure_ascii=False) + "\n"


def _given_name(room: Conversation) -> str:
    """What the room is called: where an import made it, as that archive called it."""
    return room.external_id.removeprefix(IMPORTED) if room.external_id else room.name


def _lines_of(room: Conversation, name: str, call: "MessageNames") -> Iterator[Line]:
    names: dict[int | None, str | None] = {None: None}  # what a message is called, by its id
    messages = Message.rows.filter(conversation=room).order_by("seq").select_related("sender")
    for message in messages.iterator(chunk_size=2_000):
        parent = names[message.parent_message_id]
        if message.is_removed:
            names[message.pk] = parent
            continue
        names[message.pk] = name_of_message = call(message)
        yield Line(
            id=name_of_message,
            room=name,
            sent_at=message.timestamp.isoformat(),
            sender=_nick(message.sender),
            text=message.content,
            reply_to=parent,
        )


def _nick(person: User | None) -> str:
    """An imported person is called what they were called there; anybody else @username, which no nick is."""
    if person is None:
        return ""
    return person.external_id.removeprefix(NICK) if person.external_id else f"@{person.username}"


class MessageNames:
    """What messages are called in every archive: by their `client_id`, or by one that never changes.

    Two people can have used the same `client_id`: the later message then gets another name.
    """

    def __init__(self, epoch: uuid.UUID) -> None:
        self._epoch = epoch
        self._given: set[uuid.UUID] = set()

    def __call__(self, message: Message) -> str:
        own = message.client_id
        if own is None or own in self._given:
            own = uuid.uuid5(NAMESPACE, f"{self._epoch}/{message.pk}")
        self._given.add(own)
        return f"{OWN_ID}{own}"
