"""Whom somebody may mention with an @ where they write, the likeliest first.

A fixed number of queries for any number of people. Nobody is found here whom the reader does not find in the
list of people.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.kind import Kind
from messaging.models.conversations.membership import Membership
from messaging.models.inbox.destinations import Shown
from messaging.models.inbox.name_match import Match, Query
from messaging.models.messages.message import Message
from messaging.models.people.consequences import SHOWN
from messaging.models.people.user import User

IN_PAGE: Final = 500  # people whom the page gets at once; it asks for others
ANSWERED: Final = 20  # people who are found by what is typed
LATEST: Final = 200  # messages of a room, and of a thread, whose authors come first
# What is typed begins a name or a part of one, or is somewhere in it. Anything less is no match.
_BEGINS: Final = {Match.PREFIX: Match.WORD_PREFIX, Match.EXACT: Match.EXACT}
_KINDS: Final = (Match.EXACT, Match.WORD_PREFIX, Match.INSIDE)


@dataclass(slots=True)
class Mentionable:
    """A person who may be named after @. If they are no member, the mention does not reach them.

    `latest` is when the person last talked with the reader in private, or last wrote in the conversation.
    """

    shown: Shown
    is_member: bool
    is_reader: bool
    is_in_thread: bool
    latest: datetime | None = None

    def nearness(self) -> tuple[bool, bool, float, int, str]:
        """A key to sort by. People who did not talk come last, those with shorter names first."""
        latest = self.latest.timestamp() if self.latest else 0.0
        name = self.shown.name
        return not self.is_in_thread, self.latest is None, -latest, len(name), name.casefold()


class Found(NamedTuple):
    """People, the likeliest first, and whether there are more."""

    people: list[Mentionable]
    has_more: bool


def mentionable(reader: User, conversation: Conversation, thread: int | None, typed: str = "") -> Found:
    """The active people whom the reader may mention there: members, then the reader, then other people.

    First come members whose name is what was typed, then those with a part of the name that begins with it,
    then those who have it somewhere in a name; within each kind, first those who wrote in the thread, then
    those who talked last. In a direct conversation there are no other people, since nobody can be added.

    Args:
        thread: the id of the root of the thread in which the reader writes.
        typed: what stands after the @. Without it, the first IN_PAGE people are returned.
    """
    people = User.objects.visible_to(reader).active()
    members = conversation.memberships.order_by()
    if conversation.kind == Kind.DIRECT:
        people = people.filter(pk__in=members.values("user"))
    if typed:
        people = people.called(typed)
    inside = set(members.values_list("user", flat=True))
    latest = _latest(reader, conversation)
    authors = _authors(thread) if thread else set()
    query = Query.of(typed)
    found = []
    for shown in map(Shown._make, people.order_by().values_list("pk", *SHOWN)):
        kind = _kind(query, shown) if typed else Match.EXACT
        if kind is not None:
            is_member, is_reader = shown.pk in inside, shown.pk == reader.pk
            one = Mentionable(shown, is_member, is_reader, shown.pk in authors, latest.get(shown.pk))
            found.append((not is_member, is_reader, kind, one.nearness(), one))
    found.sort(key=lambda key: key[:-1])
    most = ANSWERED if typed else IN_PAGE
    return Found([one for *_, one in found[:most]], len(found) > most)


def _kind(query: Query, person: Shown) -> Match | None:
    """The better of the matches of both names, as one of _KINDS."""
    matches = [query.match(name) for name in (person.username, person.display_name) if name]
    kinds = [_BEGINS.get(match, match) for match in matches if match is not None]
    return min((kind for kind in kinds if kind in _KINDS), default=None)


def _latest(reader: User, conversation: Conversation) -> dict[int, datetime]:
    """When each person last talked with the reader in private, or last wrote in the conversation."""
    written = Message.rows.filter(conversation=conversation, removed_at=None).order_by("-seq")
    latest: dict[int, datetime] = {}
    for author, at in written.values_list("sender", "timestamp")[:LATEST]:
        if author is not None:
            latest.setdefault(author, at)
    direct = reader.memberships.filter(conversation__kind=Kind.DIRECT).values("conversation")
    others = Membership.objects.filter(conversation__in=direct).exclude(user=reader).order_by()
    for person, talked_at in others.values_list("user", "conversation__last_message_at"):
        if talked_at is not None:
            latest[person] = max(talked_at, latest.get(person, talked_at))
    return latest


def _authors(thread: int) -> set[int]:
    """Who wrote in a thread: its first message, or one of its latest replies."""
    replies = (
        Message.rows.filter(thread_root=thread, removed_at=None)
        .order_by("-seq")
        .values_list("sender", flat=True)
    )
    roots = Message.rows.filter(pk=thread, removed_at=None).values_list("sender", flat=True)
    return {author for author in [*replies[:LATEST], *roots] if author is not None}
