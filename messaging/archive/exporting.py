"""Exporting rooms as an archive that can be imported again."""

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypedDict

from messaging.archive.lines import NAME_LENGTH, NAMESPACE, OWN_ID
from messaging.archive.people import NICK
from messaging.models import Conversation, Installation, Message, User
from messaging.models.conversations.conversation import IMPORTED
from messaging.models.messages.attachment import number_of_files


class Line(TypedDict):
    id: str
    room: str
    sent_at: str
    sender: str
    text: str
    reply_to: str | None


def archive_lines(rooms: Iterable[Conversation]) -> Iterator[str]:
    """The messages of these rooms as lines of JSON, room by room, in the order of each room.

    Files are left out: if a message has no words, its line says how many files it had. A removed message is
    left out. A reply to it becomes a reply to its nearest ancestor that is not removed.
    """
    rooms = list(rooms)
    rooms_by_name = Counter(map(_exported_name, rooms))
    message_ids = MessageIds(Installation.objects.current().epoch)
    for room in rooms:
        name = _exported_name(room)
        if rooms_by_name[name] > 1 and not room.external_id:
            name = f"{name[: NAME_LENGTH - 20].rstrip()} ({room.pk})"
        for line in _lines_of(room, name, message_ids):
            yield json.dumps(line, ensure_ascii=False) + "\n"


def _exported_name(room: Conversation) -> str:
    """The name of the room; for an imported room, the name in its archive."""
    return room.external_id.removeprefix(IMPORTED) if room.external_id else room.name


def _lines_of(room: Conversation, name: str, message_ids: "MessageIds") -> Iterator[Line]:
    exported: dict[int | None, str | None] = {None: None}  # ids in the archive by primary key
    messages = Message.rows.filter(conversation=room).order_by("seq").select_related("sender")
    for message in messages.iterator(chunk_size=2_000):
        parent = exported[message.parent_message_id]
        if message.is_removed:
            exported[message.pk] = parent
            continue
        exported[message.pk] = message_id = message_ids.id_of(message)
        yield Line(
            id=message_id,
            room=name,
            sent_at=message.timestamp.isoformat(),
            sender=_nick(message.sender),
            text=message.content or number_of_files(message.file_count),
            reply_to=parent,
        )


def _nick(person: User | None) -> str:
    """The nick of an imported person; for anybody else @username, which cannot be a nick."""
    if person is None:
        return ""
    return person.external_id.removeprefix(NICK) if person.external_id else f"@{person.username}"


class MessageIds:
    """The ids of messages in archives, which are the same in every export.

    The id is the `client_id`. A message without one gets an id made from its primary key; so does the later
    one if two people used the same `client_id`.
    """

    def __init__(self, epoch: uuid.UUID) -> None:
        self._epoch = epoch
        self._used: set[uuid.UUID] = set()

    def id_of(self, message: Message) -> str:
        """The id. Must be called once for each message, in the order of the room."""
        client_id = message.client_id
        if client_id is None or client_id in self._used:
            client_id = uuid.uuid5(NAMESPACE, f"{self._epoch}/{message.pk}")
        self._used.add(client_id)
        return f"{OWN_ID}{client_id}"
