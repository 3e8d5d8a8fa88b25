"""What is unread for people in conversations, and how loudly each is told of it (`delivery.decide`).

Push asks it for many people at once, and an open page for one, in the same queries.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.membership import Membership
from messaging.models.inbox.delivery import Loudness, Situation, decide
from messaging.models.inbox.sidebar_entry import title_of
from messaging.models.messages.notification import Notification
from messaging.models.people.languages import in_language_of
from messaging.models.people.quiet_hours import is_quiet
from messaging.models.people.user import User

MemberKey = tuple[int, int]  # the ids of a person and a conversation


@dataclass(frozen=True)
class UnreadGroup:
    """A person's unread messages of one conversation that have the same `Loudness`.

    Attributes:
        count: how many messages.
        message: the id of the newest.
        newest: the id of the newest notification.
        reason: why the newest message is for the person.
    """

    loudness: Loudness
    conversation: Conversation
    count: int
    message: int
    newest: int
    reason: str

    def with_more(self, other: "UnreadGroup") -> "UnreadGroup":
        later = max(self, other, key=lambda one: one.message)
        count, newest = self.count + other.count, max(self.newest, other.newest)
        return UnreadGroup(later.loudness, later.conversation, count, later.message, newest, later.reason)


def unread_by_loudness(
    keys: Collection[MemberKey], people: Mapping[int, User], looking: Collection[int], now: datetime
) -> dict[MemberKey, dict[Loudness, UnreadGroup]]:
    """What is unread for these people in these conversations, by how loudly the person is told. Two queries.

    Args:
        people: by id, those of the keys.
        looking: the ids of those who look at a page.
    """
    members = _memberships(keys)
    quiet = {pk for pk, person in people.items() if is_quiet(person, now)}
    found: dict[MemberKey, dict[Loudness, UnreadGroup]] = defaultdict(dict)
    for user, conversation, reason, count, message, newest in _unread(members):
        member = members.get((user, conversation))
        if member is None:
            continue
        loudness = decide(
            Situation(
                reason,
                member.notification_level,
                may_read=people[user].is_active,
                is_quiet=user in quiet,
                is_looking=user in looking,
            )
        )
        one = UnreadGroup(loudness, member.conversation, count, message, newest, reason)
        here = found[user, conversation]
        before = here.get(loudness)
        here[loudness] = before.with_more(one) if before else one
    return found


def _memberships(keys: Collection[MemberKey]) -> dict[MemberKey, Membership]:
    """Of these keys, those in which the person is."""
    people, conversations = {user for user, _pk in keys}, {pk for _user, pk in keys}
    memberships = Membership.objects.filter(
        user__in=people, conversation__in=conversations, conversation__archived_at=None
    )
    found = {(one.user_id, one.conversation_id): one for one in memberships.select_related("conversation")}
    return {key: found[key] for key in keys if key in found}


def _unread(keys: Collection[MemberKey]) -> list[tuple[int, int, str, int, int, int]]:
    """(person, conversation, reason, how many, the newest message, the newest notification)."""
    if not keys:
        return []
    people, conversations = {user for user, _pk in keys}, {pk for _user, pk in keys}
    rows = Notification.objects.personal().filter(
        user__in=people, conversation__in=conversations, read_at=None
    )
    numbers = rows.order_by().values_list("user", "conversation", "reason")
    return list(numbers.annotate(Count("pk"), Max("message"), Max("pk")))


def titles_of(
    conversations: dict[MemberKey, Conversation], readers: Mapping[int, User] | None = None
) -> dict[MemberKey, str]:
    """What each person calls each conversation: the room's name, or the names of the others.

    Args:
        conversations: by person and conversation.
        readers: the people by their ids; each title is then in the person's language, else in the active one.
    """
    unnamed = {pk for (_user, pk), one in conversations.items() if not one.name}
    people: dict[int, list[User]] = defaultdict(list)
    rows = Membership.objects.filter(conversation__in=unnamed).select_related("user").order_by("pk")
    for membership in rows:
        people[membership.conversation_id].append(membership.user)
    titles = {}
    for (user, pk), conversation in conversations.items():
        others = [person.name for person in people[pk] if person.pk != user]
        with in_language_of(readers[user]) if readers else nullcontext():
            titles[user, pk] = conversation.name or title_of(others, conversation.is_direct)
    return titles
