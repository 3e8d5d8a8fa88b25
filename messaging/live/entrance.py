"""What a stream begins with: whether the visitor may listen, and what their page lacks."""

from dataclasses import dataclass

from messaging.live.changes import Changes, changes_between
from messaging.live.cursor import Cursor
from messaging.live.numbers import Installed, Place, installed
from messaging.live.rights import Visitor, visitor_of
from messaging.models import Conversation


class Refused(Exception):
    """The argument is the status of the answer."""


@dataclass(frozen=True)
class Admission:
    """`changes` are what the page lacks; None where it has to be loaded anew."""

    visitor: Visitor
    installed: Installed
    place: Place | None = None
    changes: Changes | None = None


def admit(session_key: str, conversation_id: int | None, cursor: Cursor | None) -> Admission:
    """Let a visitor in.

    Raises:
        Refused: 401 without a session; 404 to who is no member, be there such a conversation or not.
    """
    now = installed()
    while True:
        # Read before the session, and again after the conversation: a sign-out in between is noticed.
        before = now
        visitor = visitor_of(session_key)
        if visitor is None:
            raise Refused(401)
        place = _place_of(visitor, conversation_id) if conversation_id else None
        now = installed()
        if now == before:
            break
    if place is None or conversation_id is None:
        return Admission(visitor, now)
    return Admission(visitor, now, place, _changes(conversation_id, place, now, cursor))


def _place_of(visitor: Visitor, conversation_id: int) -> Place:
    """Membership and numbers in one question, so that they are of the same moment."""
    theirs = Conversation.objects.filter(pk=conversation_id, memberships__user=visitor.user_id)
    numbers = theirs.values_list(*Place._fields).first()
    if numbers is None:
        raise Refused(404)
    return Place(*numbers)


def _changes(conversation_id: int, place: Place, now: Installed, cursor: Cursor | None) -> Changes | None:
    """What a page at the cursor lacks; a page without one is at the present."""
    here = Cursor(now.epoch, now.people_version, place.version)
    cursor = cursor or here
    is_ours = cursor.epoch == here.epoch and cursor.people == here.people
    if not is_ours or not place.reset_version <= cursor.version <= here.version:
        return None
    if cursor.version == here.version:
        return Changes(here, b"")
    return changes_between(conversation_id, cursor.version, here)
