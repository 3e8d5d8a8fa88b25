"""Opening a stream: whether the visitor may have it, and which changes their page does not have yet."""

from dataclasses import dataclass, replace
from typing import Any

from messaging.live.authorization import Visitor, visitor_of
from messaging.live.cursor import Cursor
from messaging.live.payload import Changes, changes_since
from messaging.live.versions import (
    ConversationVersions,
    SiteVersions,
    site_annotations,
    site_versions,
    versions_in,
)
from messaging.models import Conversation
from messaging.models.db.refusals import Refused


@dataclass(frozen=True)
class Admission:
    """A visitor who was admitted, the versions of the site at that moment, and the changes they missed."""

    visitor: Visitor
    site: SiteVersions
    changes: Changes | None = None


def admit(
    session_key: str, conversation_id: int | None, cursor: Cursor | None, browser_language: str = ""
) -> Admission:
    """Admit a visitor.

    Args:
        session_key: from the cookie.
        conversation_id: None for a stream with the person's own events only.
        cursor: of the visitor's page; None for a stream that begins at the present.
        browser_language: the language of the stream if the visitor has chosen none.

    Raises:
        Refused: status 401 without a valid session, 404 if the visitor is no member of the conversation,
            whether it exists or not.
    """
    while True:
        # Read before the session: a later sign-out increases this version, so the hub notices it.
        before = site_versions()
        visitor = visitor_of(session_key, browser_language)
        if visitor is None:
            raise Refused("signed_out", status=401)
        if conversation_id is None:
            return Admission(visitor, before)
        versions, site = _versions_for(visitor, conversation_id)
        changes = _changes(conversation_id, Changes(versions, site, language=visitor.language), cursor)
        # If they differ, access may have been lost in between: try again.
        if changes.site == before and changes.versions.members_version == versions.members_version:
            return Admission(visitor, before, changes)


def _versions_for(visitor: Visitor, conversation_id: int) -> tuple[ConversationVersions, SiteVersions]:
    """Check the membership and read the versions in one query, so that both are of the same moment."""
    conversations = Conversation.objects.filter(pk=conversation_id, memberships__user=visitor.user_id)
    conversation: Any = conversations.annotate(**site_annotations()).first()
    if conversation is None:
        raise Refused("no_member")
    return versions_in(conversation, conversation)


def _changes(conversation_id: int, present: Changes, cursor: Cursor | None) -> Changes:
    """The changes since the cursor; none without a cursor."""
    if cursor is None or cursor == present.cursor:
        return present
    versions, site, language = present.versions, present.site, present.language
    is_other_page = (*cursor[:2], cursor.language) != (*present.cursor[:2], language)
    if is_other_page or not versions.reset_version <= cursor.version <= versions.version:
        return replace(present, payload=None)
    changes = changes_since(conversation_id, cursor.version, versions, site, language)
    if changes.versions.reset_version > cursor.version:
        return replace(changes, payload=None, senders=frozenset())
    return changes
