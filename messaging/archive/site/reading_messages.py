"""Storing the messages of an export: some hundred at once, with everything that hangs on them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from messaging.archive.site.errors import ArchiveError
from messaging.archive.site.nouns import MESSAGES, PARTS, POLL
from messaging.archive.site.reading_parts import PartsIn
from messaging.archive.site.rows import Line, Rows, Values, at
from messaging.archive.site.shown import html_of
from messaging.archive.tally import Place
from messaging.models import CustomEmoji, Message, SearchText, User, UserGroup
from messaging.models.db.batches import in_chunks
from messaging.models.db.numbers import LARGEST_ID
from messaging.text import MAX_LENGTH, RENDERER_VERSION
from messaging.text.cleaning import remove_forbidden
from messaging.text.tasks import with_states

_OTHERS: Final = frozenset({*(noun.name for noun in PARTS), POLL.name, "shows", "notified", "unread"})
_KINDS: Final = {"people": User, "groups": UserGroup, "emoji": CustomEmoji}


class Above(NamedTuple):
    """What a reply needs to know of the message that it replies to."""

    conversation: int
    root: int
    depth: int


class MessagesIn:
    """Stores messages.

    Args:
        cuts: the version of each conversation.
        exported_at: when an anonymous poll ends that was open.
    """

    def __init__(self, rows: Rows, cuts: Mapping[int, int], exported_at: datetime) -> None:
        self._rows, self._cuts = rows, cuts
        self._pictures = {emoji.pk: emoji.picture_name for emoji in CustomEmoji.objects.all()}
        self._parts = PartsIn(rows, exported_at)

    @property
    def ended_polls(self) -> int:
        return self._parts.ended_polls

    def store(self, batch: Sequence[tuple[Place, Line]]) -> None:
        """Store messages whose parents are stored, or before them in the batch. Raises ArchiveError."""
        above = self._stored_parents([line.get("reply_to") for _, line in batch])
        messages = []
        for place, line in batch:
            values = at(place, lambda line=line: self._values(line, above))  # type: ignore[misc]
            messages.append(Message(**values))
        Message.rows.bulk_create(messages)
        self._parts.write()
        SearchText.objects.write_all(message for message in messages if not message.is_removed)

    def _stored_parents(self, ids: Sequence[object]) -> dict[int, Above]:
        wanted = [pk for pk in ids if isinstance(pk, int) and 0 < pk <= LARGEST_ID]
        found: dict[int, Above] = {}
        for chunk in in_chunks(wanted):
            rows = Message.rows.filter(pk__in=chunk)
            for pk, place, root, depth in rows.values_list("pk", "conversation", "thread_root", "depth"):
                found[pk] = Above(place, root or pk, depth)
        return found

    def _values(self, line: Line, above: dict[int, Above]) -> Values:
        """The columns of a message. Its parts wait for `PartsIn.write`."""
        values = self._rows.values(MESSAGES, line, _OTHERS)
        _check(values, line)
        parent = self._parent(values, above)
        html, mentioned = html_of(
            values["content"],
            line.get("shows", {}),
            values["conversation_id"],
            lambda kind, pk: self._rows.ids(_KINDS[kind], [pk], "shows")[0],
            self._pictures,
        )
        above[values["id"]] = Above(
            values["conversation_id"],
            parent.root if parent else values["id"],
            parent.depth + 1 if parent else 0,
        )
        hung = self._parts.of(line, values, above[values["id"]].root if parent else None, mentioned)
        return values | {
            "thread_root_id": parent.root if parent else None,
            "depth": above[values["id"]].depth,
            "content_html": with_states(html, hung.states),
            "renderer_version": RENDERER_VERSION,
            "version": values["seq"],
            "read": hung.is_read,
            "file_count": hung.files,
            "has_poll": hung.has_poll,
            "has_link_previews": hung.has_previews,
        }

    def _parent(self, values: Values, above: Mapping[int, Above]) -> Above | None:
        if values["seq"] > self._cuts[values["conversation_id"]]:
            raise ArchiveError("“seq” is higher than the version of the conversation")
        if values["parent_message_id"] is None:
            return None
        parent = above.get(values["parent_message_id"])
        if parent is None or parent.conversation != values["conversation_id"]:
            raise ArchiveError("“reply_to” is no earlier message of the same conversation")
        return parent


def _check(values: Values, line: Line) -> None:
    """Raises ArchiveError: it is not what a message can be."""
    text: Any = values["content"]
    if values["removed_at"]:
        if text or _OTHERS & line.keys():
            raise ArchiveError("a removed message has a text, or something else")
        return
    if values["is_expired"]:
        raise ArchiveError("“is_expired” is true of a message that was not removed")
    if values["sender_id"] is None:
        raise ArchiveError("“sender” is missing")
    if not (text or line.get("files")):
        raise ArchiveError("“text” is missing")
    if len(text) > MAX_LENGTH or remove_forbidden(text) != text:
        raise ArchiveError("“text” is too long, or has characters that no message can have")
