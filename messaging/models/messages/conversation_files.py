"""The files of a conversation, page by page."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from django.db.models import Exists, Func, IntegerField, OuterRef, Q

from messaging.models.messages.attachment import Attachment
from messaging.models.messages.file_types import PICTURES, SHOWN, SOUNDS, VIDEOS
from messaging.models.messages.message import Message

PAGE_SIZE: Final = 40
KINDS: Final = {
    "": Q(),
    "pictures": Q(content_type__in=PICTURES),
    "videos": Q(content_type__in=VIDEOS),
    "sounds": Q(content_type__in=SOUNDS),
    "documents": ~Q(content_type__in=SHOWN),
}
# Written into the statement: SQLite does not use a partial index (`with_files`) for a parameter.
_ZERO: Final = Func(template="0", output_field=IntegerField())


class FilePage(NamedTuple):
    """
    Attributes:
        files: with their messages and senders, those of the newest message first.
        older: the last of them if there are more: they begin after it.
    """

    files: Sequence[Attachment]
    older: Attachment | None


def conversation_files(conversation_id: int, kind: str = "", seq: int = 0, order: int = 0) -> FilePage:
    """One page of the files of a conversation.

    The messages are read first, since without statistics SQLite reads all messages of a conversation to join
    the few that have files.

    Args:
        kind: one of `KINDS`.
        seq, order: of the message and of the file after which the page begins; the first page if `seq` is 0.
    """
    of_kind = Attachment.objects.filter(KINDS[kind])
    messages = Message.rows.filter(conversation=conversation_id, removed_at=None, file_count__gt=_ZERO)
    if seq:
        messages = messages.filter(seq__lte=seq)
    if kind:
        messages = messages.filter(Exists(of_kind.filter(message=OuterRef("pk"))))
    messages = messages.select_related("sender").only("seq", "timestamp", "sender").order_by("-seq")
    # All files of the first may have been on the page before.
    shown = {message.pk: message for message in messages[: PAGE_SIZE + 2]}
    found = []
    for file in of_kind.filter(message__in=shown).order_by("order"):
        file.message = shown[file.message_id or 0]
        if file.message.seq != seq or file.order > order:
            found.append(file)
    found.sort(key=lambda file: file.message.seq if file.message else 0, reverse=True)
    files = found[:PAGE_SIZE]
    return FilePage(files, files[-1] if len(found) > PAGE_SIZE else None)
