"""Authorization of streams: checked when a stream is opened, and again while it is open."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils import timezone

from messaging.auth.backend import person_of
from messaging.auth.session_store import SessionStore
from messaging.models import Membership, Session, User
from messaging.models.people.languages import is_supported


@dataclass(frozen=True)
class Visitor:
    """A signed-in browser.

    `password` is the hash of the person's password: when it changes, all their other sessions end.
    `visible_ids` are the ids of the people whom a guest may see, read when the stream was opened. It is None
    for everybody else, since they may see all people. `language` is that of the stream: the one that the
    person chose, or else the browser's.
    """

    session_key: str
    user_id: int
    password: str
    version: int
    visible_ids: frozenset[int] | None = field(default=None, compare=False)
    language: str = ""
    browser_language: str = ""

    def language_if_chosen(self, chosen: str) -> str:
        """The language of a new stream of this browser once the person has made this choice."""
        return chosen if is_supported(chosen) else self.browser_language


def visitor_of(session_key: str, browser_language: str = "") -> Visitor | None:
    """The visitor with this session, or None if the session has ended or the person may not sign in."""
    request = HttpRequest()
    request.session = SessionStore(session_key)
    user = person_of(request)
    if not isinstance(user, User):
        return None
    visible_ids = None
    if user.is_guest:
        visible_ids = frozenset(User.objects.visible_to(user).values_list("pk", flat=True))
    language = user.language if is_supported(user.language) else browser_language
    who = session_key, user.pk, user.password, user.version
    return Visitor(*who, visible_ids, language, browser_language)


def signed_out(visitors: Collection[Visitor]) -> set[Visitor]:
    """The visitors who are not signed in any more.

    Two queries, and a few more for each visitor whose password has changed.
    """
    keys = {visitor.session_key for visitor in visitors}
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    open_keys = set(sessions.values_list("session_key", flat=True))
    ids = {visitor.user_id for visitor in visitors}
    passwords = dict(User.objects.filter(pk__in=ids, is_active=True).values_list("pk", "password"))

    def is_signed_out(visitor: Visitor) -> bool:
        if visitor.session_key not in open_keys or visitor.user_id not in passwords:
            return True
        return passwords[visitor.user_id] != visitor.password and visitor_of(visitor.session_key) is None

    return {visitor for visitor in visitors if is_signed_out(visitor)}


def members_among(conversation_id: int, user_ids: Collection[int]) -> set[int]:
    """The ids of those people who are members of the conversation."""
    members = Membership.objects.filter(conversation=conversation_id, user__in=user_ids)
    return set(members.values_list("user_id", flat=True))
