"""What changed in a conversation since one of its versions, as the bytes that every member gets."""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from messaging.live.cursor import Cursor
from messaging.live.events import event, swap
from messaging.live.versions import Installed, Place, moment_of, with_installed
from messaging.models import Message
from messaging.rendering.rows import changed_rows

MOST = 500  # with more than that a page is loaded anew


@dataclass(frozen=True)
class Changes:
    """All that changed up to the moment whose numbers these are, which were read with it.

    Nobody may be given it before they are known to have had their rights at that moment. `payload` is None
    where it is too much; `spoke` are those who said something: (the thread's root or None, the sender).
    """

    place: Place
    installed: Installed
    payload: bytes | None = b""
    spoke: frozenset[tuple[int | None, int | None]] = frozenset()

    @property
    def cursor(self) -> Cursor:
        """Where a page is that has applied it."""
        return Cursor(self.installed.epoch, self.installed.people_version, self.place.version)


def changes_since(conversation_id: int, since: int, place: Place, installed: Installed) -> Changes:
    """What a page at version `since` lacks, now or, where nothing is newer, at the numbers that were given.

    One query on the index of (conversation, version), and what rendering the new ones takes. The numbers come
    in the same query: read before, a message that was born and edited in between would be in no interval with
    its birth, and read after, the interval would be longer than what was found.
    """
    rows = Message.rows.filter(conversation=conversation_id, version__gt=since).annotate(**with_installed())
    rows = rows.select_related("sender", "conversation").order_by("version", "seq")
    messages = list(rows[: MOST + 1])
    if messages:
        place, installed = moment_of(messages[0].conversation, messages[0])
    if len(messages) > MOST:
        return Changes(place, installed, None)
    spoke = {(message.thread_root_id, message.sender_id) for message in messages if message.seq > since}
    payload = _payload(messages, since, Changes(place, installed).cursor)
    return Changes(place, installed, payload, frozenset(spoke))


def _payload(messages: list[Any], since: int, cursor: Cursor) -> bytes:
    # Threads are not streamed. What is said in one moves its root, too; a root that was born has none yet.
    threads = {
        message.thread_root_id or message.pk for message in messages if message.seq <= since or message.depth
    }
    parts = [event(f"thread-{root}") for root in sorted(threads)]
    # A version that no message has: something else moved, or a message moved on since.
    if len({message.version for message in messages}) < cursor.version - since:
        parts.append(event("conversation"))
    # What moves the cursor comes last: whoever got it got the rest.
    if roots := [message for message in messages if message.thread_root_id is None]:
        parts.append(swap(_html(roots, since, cursor.people), cursor))
    return b"".join(parts)


def _html(roots: list[Message], since: int, people_version: int) -> str:
    rows = changed_rows(sorted(roots, key=lambda root: root.seq), people_version)
    context = {
        "born": [row for row in rows if row.seq > since],
        "changed": [row for row in rows if row.seq <= since],
    }
    return render_to_string("messaging/messages/_live.html", context).strip()
