"""The rooms of an archive, and the messages that they have already."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Coalesce, Greatest

from messaging.models import Conversation, Message, SearchText
from messaging.models.conversations.conversation import IMPORTED
from messaging.models.db.batches import in_chunks
from messaging.models.db.primary_keys import reserve_ids
from messaging.text import RENDERER_VERSION


class Stored(NamedTuple):
    """A stored message, with what its replies need to know about it."""

    pk: int
    root: int
    depth: int
    placed_at: datetime  # the time that decided its place: its own, or a later one


class NewMessage(NamedTuple):
    """A message that is to be stored."""

    client_id: uuid.UUID
    sender_id: int
    sent_at: datetime
    reply_to: uuid.UUID | None  # a stored message, or one before it
    text: str
    html: str


@dataclass
class ImportedRoom:
    """A room that was created by an import, and its messages by their `client_id`.

    `name` is what it is called in the archive, `latest` the time of its latest message before this import.
    """

    name: str
    conversation: Conversation
    latest: datetime | None = None
    stored: dict[uuid.UUID, Stored] = field(default_factory=dict)

    @classmethod
    def open(cls, name: str) -> "ImportedRoom":
        """The room that an import created under this name, never one that a person created."""
        conversation, created = Conversation.objects.get_or_create(
            external_id=IMPORTED + name,
            defaults={"kind": Conversation.Kind.ROOM, "name": name},
        )
        room = cls(name, conversation, conversation.last_message_at)
        if not created:
            rows = conversation.messages.filter(client_id__isnull=False)
            columns = rows.values_list("client_id", "pk", "thread_root_id", "depth", "timestamp")
            for client_id, pk, root, depth, sent_at in columns:
                if client_id:
                    room.stored[client_id] = Stored(pk, root or pk, depth, sent_at)
        return room

    def append(self, messages: Sequence[NewMessage]) -> None:
        """Store messages in this order: `id` and `seq` rise with it. One transaction."""
        latest = max(message.sent_at for message in messages)
        with self.conversation.writing(count=len(messages), last_message_at=_later_of(latest)) as last:
            ids = reserve_ids(Message, len(messages))
            seqs = range(last - len(messages) + 1, last + 1)
            rows = [self._row(*one) for one in zip(ids, seqs, messages, strict=True)]
            Message.rows.bulk_create(rows)
            SearchText.objects.write_all(rows)
            # The root of a thread shows a summary of its replies, so it has changed too.
            old_roots = {row.thread_root_id for row in rows if row.thread_root_id} - set(ids)
            for chunk in in_chunks(sorted(old_roots)):
                Message.rows.filter(pk__in=chunk).update(version=last)

    def _row(self, pk: int, seq: int, message: NewMessage) -> Message:
        parent = self.stored[message.reply_to] if message.reply_to else None
        depth = parent.depth + 1 if parent else 0
        placed_at = max(message.sent_at, parent.placed_at) if parent else message.sent_at
        self.stored[message.client_id] = Stored(pk, parent.root if parent else pk, depth, placed_at)
        return Message(
            pk=pk,
            conversation_id=self.conversation.pk,
            sender_id=message.sender_id,
            parent_message_id=parent.pk if parent else None,
            thread_root_id=parent.root if parent else None,
            depth=depth,
            content=message.text,
            content_html=message.html,
            renderer_version=RENDERER_VERSION,
            timestamp=message.sent_at,
            read=True,
            seq=seq,
            version=seq,
            client_id=message.client_id,
        )


def _later_of(moment: datetime) -> Greatest:
    """The later one of the stored time of the latest message and this moment."""
    latest = Value(moment, output_field=DateTimeField())
    return Greatest(Coalesce(F("last_message_at"), latest), latest)
