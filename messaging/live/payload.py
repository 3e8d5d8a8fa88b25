"""What changed in a conversation since one of its versions, as bytes that are the same for every member who
reads it in the same language."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from messaging.live.cursor import Cursor
from messaging.live.sse_format import event, swap
from messaging.live.versions import ConversationVersions, SiteVersions, site_annotations, versions_in
from messaging.models import Message
from messaging.rendering.rows import changed_rows

MAX_MESSAGES = 500  # if more messages changed, the page loads its list again


@dataclass(frozen=True)
class Changes:
    """All changes of a conversation up to `versions`, which were read in the same query.

    Before these changes are sent to people, check that they were members, and signed in, at these versions.
    `payload` is None if there are too many changes. `senders` holds (the thread's root or None, the sender)
    for each new message.
    """

    versions: ConversationVersions
    site: SiteVersions
    payload: bytes | None = b""
    senders: frozenset[tuple[int | None, int | None]] = frozenset()
    language: str = ""

    @property
    def cursor(self) -> Cursor:
        """The cursor of a page that has applied these changes."""
        return Cursor(self.site.epoch, self.site.people_version, self.versions.version, self.language)


def changes_since(
    conversation_id: int, since: int, versions: ConversationVersions, site: SiteVersions, language: str = ""
) -> Changes:
    """The changes that a page at version `since` does not have yet.

    One query on the index of (conversation, version), and what it takes to render the new messages. The
    versions come from the same query. If they were read before it, a message that was created and edited in
    between would be sent as changed to pages that never got it; if after it, the result could claim a later
    version than it contains.

    Args:
        versions: the versions of the result if nothing is newer than `since`.
        site: likewise, those of the site.
        language: of the pages that get them; empty for that of the site.
    """
    rows = Message.rows.filter(conversation=conversation_id, version__gt=since).annotate(**site_annotations())
    rows = rows.select_related("sender", "conversation").order_by("version", "seq")
    messages = list(rows[: MAX_MESSAGES + 1])
    if messages:
        versions, site = versions_in(messages[0].conversation, messages[0])
    if len(messages) > MAX_MESSAGES:
        return Changes(versions, site, None, language=language)
    senders = {(message.thread_root_id, message.sender_id) for message in messages if message.seq > since}
    with translation.override(language or settings.LANGUAGE_CODE):
        payload = _payload(messages, since, Changes(versions, site, language=language).cursor)
    return Changes(versions, site, payload, frozenset(senders), language)


def _payload(messages: list[Any], since: int, cursor: Cursor) -> bytes:
    # Replies are not streamed: an event tells open threads to load their list again. A new root has no
    # replies yet, so it needs no such event.
    threads = {
        message.thread_root_id or message.pk for message in messages if message.seq <= since or message.depth
    }
    parts = [event(f"thread-{root}") for root in sorted(threads)]
    # A version that belongs to no message: the conversation itself changed, or a message changed twice.
    if len({message.version for message in messages}) < cursor.version - since:
        parts.append(event("conversation"))
    # The event with the cursor comes last: a page that has the cursor has received everything before it.
    if roots := [message for message in messages if message.thread_root_id is None]:
        parts.append(swap(_html(roots, since, cursor.people), cursor))
    return b"".join(parts)


def _html(roots: list[Message], since: int, people_version: int) -> str:
    rows = changed_rows(sorted(roots, key=lambda root: root.seq), people_version)
    context = {
        "new": [row for row in rows if row.seq > since],
        "changed": [row for row in rows if row.seq <= since],
    }
    return render_to_string("messaging/messages/_live.html", context).strip()
