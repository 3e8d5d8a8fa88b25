"""What a stream begins with: whether the visitor may listen, and what their page lacks."""

from dataclasses import dataclass
from typing import Any

from messaging.live.authorization import Visitor, visitor_of
from messaging.live.changes import Changes, changes_since
from messaging.live.cursor import Cursor
from messaging.live.versions import Installed, Place, installed, moment_of, with_installed
from messaging.models import Conversation
from messaging.models.db.refusals import Refused


@dataclass(frozen=True)
class Admission:
    """Who came in, when in terms of the installation's numbers, and, in a conversation, what they lack."""

    visitor: Visitor
    installed: Installed
    changes: Changes | None = None


def admit(session_key: str, conversation_id: int | None, cursor: Cursor | None) -> Admission:
    """Let a visitor in.

    Raises:
        Refused: with status 401 without a session; 404 for everybody who is no member, whether there is such
            a conversation or not.
    """
    while True:
        # Read before the session: who signs out after this is found by the next look at the number.
        before = installed()
        visitor = visitor_of(session_key)
        if visitor is None:
            raise Refused("signed_out", status=401)
        if conversation_id is None:
            return Admission(visitor, before)
        place, now = _place_of(visitor, conversation_id)
        changes = _changes(conversation_id, place, now, cursor)
        # Otherwise they may have lost their rights before the moment of the changes: once more.
        if changes.installed == before and changes.place.members_version == place.members_version:
            return Admission(visitor, before, changes)


def _place_of(visitor: Visitor, conversation_id: int) -> tuple[Place, Installed]:
    """Membership and numbers in one question, so that they are of the same moment."""
    theirs = Conversation.objects.filter(pk=conversation_id, memberships__user=visitor.user_id)
    conversation: Any = theirs.annotate(**with_installed()).first()
    if conversation is None:
        raise Refused("no_member")
    return moment_of(conversation, conversation)


def _changes(conversation_id: int, place: Place, now: Installed, cursor: Cursor | None) -> Changes:
    """What a page at the cursor lacks; a page without one is at the present."""
    present = Changes(place, now)
    if cursor is None or cursor == present.cursor:
        return present
    if cursor[:2] != present.cursor[:2] or not place.reset_version <= cursor.version <= place.version:
        return Changes(place, now, None)
    changes = changes_since(conversation_id, cursor.version, place, now)
    if changes.place.reset_version > cursor.version:
        return Changes(changes.place, changes.installed, None)
    return changes
