"""What changed in a conversation between two of its versions, as the bytes that every member gets."""

from dataclasses import dataclass

from django.template.loader import render_to_string

from messaging.live.cursor import Cursor
from messaging.live.events import event, swap
from messaging.models import Message
from messaging.rendering import changed_rows

MOST = 500  # with more than that a page is loaded anew


@dataclass(frozen=True)
class Changes:
    """The bytes, and who said something: (the thread's root or None, the sender).

    `cursor` is where a page is that has applied them.
    """

    cursor: Cursor
    payload: bytes
    spoke: frozenset[tuple[int | None, int]] = frozenset()


def changes_between(conversation_id: int, since: int, until: Cursor) -> Changes | None:
    """What a page at version `since` lacks; None when that is too much.

    One query on the index of (conversation, version), and what rendering the new ones takes. Nothing beyond
    `until` is read, whose rights were checked.
    """
    rows = Message.rows.filter(
        conversation=conversation_id, version__gt=since, version__lte=until.version
    ).select_related("sender")
    messages = list(rows.order_by("version", "seq")[: MOST + 1])
    if len(messages) > MOST:
        return None
    threads = {message.thread_root_id for message in messages if message.thread_root_id}
    parts = [event(f"thread-{root}") for root in sorted(threads)]
    # A version that no message has: something else moved, or a message moved on since.
    if len({message.version for message in messages}) < until.version - since:
        parts.append(event("conversation"))
    # What moves the cursor comes last: whoever got it got the rest.
    if roots := [message for message in messages if message.thread_root_id is None]:
        parts.append(swap(_html(roots, since, until.people), until))
    spoke = {(message.thread_root_id, message.sender_id) for message in messages if message.seq > since}
    return Changes(until, b"".join(parts), frozenset(spoke))  # type: ignore[arg-type]


def _html(roots: list[Message], since: int, people_version: int) -> str:
    rows = changed_rows(sorted(roots, key=lambda root: root.seq), people_version)
    context = {
        "born": [row for row in rows if row.seq > since],
        "changed": [row for row in rows if row.seq <= since],
    }
    return render_to_string("messaging/messages/_live.html", context).strip()
