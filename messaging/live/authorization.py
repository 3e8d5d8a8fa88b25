"""Who may listen: asked when a stream is opened, and again for as long as it is open."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.contrib.auth import get_user
from django.http import HttpRequest
from django.utils import timezone

from messaging.auth.session_store import SessionStore
from messaging.models import Membership, Session, User


@dataclass(frozen=True)
class Visitor:
    """A signed-in browser. Its person's password hash stands for all that ends other sessions.

    `sees` are the ids of the people whom a guest may see, as of the opening; None for everybody else, who may
    see all.
    """

    session_key: str
    user_id: int
    password: str
    version: int
    sees: frozenset[int] | None = field(default=None, compare=False)


def visitor_of(session_key: str) -> Visitor | None:
    """Who this session's person is, as Django sees it; None where it is over or they may not sign in."""
    request = HttpRequest()
    request.session = SessionStore(session_key)
    user = get_user(request)
    if not isinstance(user, User):
        return None
    sees = frozenset(User.objects.visible_to(user).values_list("pk", flat=True)) if user.is_guest else None
    return Visitor(session_key, user.pk, user.password, user.version, sees)


def signed_out(visitors: Collection[Visitor]) -> set[Visitor]:
    """Those of them who are not signed in any more: two queries, and some for who changed their password."""
    keys = {visitor.session_key for visitor in visitors}
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    alive = set(sessions.values_list("session_key", flat=True))
    ids = {visitor.user_id for visitor in visitors}
    passwords = dict(User.objects.filter(pk__in=ids, is_active=True).values_list("pk", "password"))

    def is_over(visitor: Visitor) -> bool:
        if visitor.session_key not in alive or visitor.user_id not in passwords:
            return True
        return passwords[visitor.user_id] != visitor.password and visitor_of(visitor.session_key) is None

    return {visitor for visitor in visitors if is_over(visitor)}


def members_among(conversation_id: int, user_ids: Collection[int]) -> set[int]:
    """Those of the people who are in the conversation."""
    members = Membership.objects.filter(conversation=conversation_id, user__in=user_ids)
    return set(members.values_list("user_id", flat=True))
