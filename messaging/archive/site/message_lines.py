"""The lines of messages, each with everything that hangs on it."""

from collections.abc import Iterator
from typing import Any, Final

from messaging.archive.site.message_parts import MessageParts
from messaging.archive.site.nouns import MESSAGES
from messaging.archive.site.scope import Lines, Scope
from messaging.archive.site.shown import shown_in
from messaging.models import CustomEmoji, Message

BATCH: Final = 200  # messages whose parts are read at once


def message_lines(scope: Scope, lines: Lines, last: int) -> Iterator[dict[str, Any]]:
    """Yield the lines of all messages after the one with the id `last`, in the order of their ids. Rows are
    read as they are needed."""
    parts = MessageParts(lines)
    emoji = {row.picture_name: row.pk for row in CustomEmoji.objects.all()}
    rows = Message.rows.filter(conversation__kind__in=scope.kinds).order_by("pk")
    while batch := list(rows.filter(pk__gt=last).values(*MESSAGES.keys.values(), "content_html")[:BATCH]):
        last = batch[-1]["id"]
        found = {row["id"]: row for row in batch if scope.has_message(row["conversation"], row["seq"])}
        of_message = parts.of({pk: row["content_html"] for pk, row in found.items()})
        for pk, row in found.items():
            line = lines.line(MESSAGES, row)
            if line is None:
                continue
            if shown := shown_in(row["content_html"], emoji):
                line["shows"] = shown
            yield line | of_message.get(pk, {})
