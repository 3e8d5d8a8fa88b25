"""What is unread for many people at once, in each of their conversations."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, DateTimeField, F, OuterRef, Q, QuerySet, Value, When

from messaging.live.sse_format import json_event
from messaging.models import Membership, Notification, User
from messaging.models.db.prepared import prepared
from messaging.models.inbox.unread_counts import badge_count, capped, due_count, is_hidden


class Unread(NamedTuple):
    """What is unread for a person in a conversation, each number counted up to 100.

    `unread` and `replies` depend on the notification level of the membership (`badge_count`); `personal`
    counts what is addressed to the person. `version` and `name` are the conversation's at the time of the
    count. `arrangement` changes when the person arranges their sidebar in another way, `others` when it
    shows other people in this conversation. `latest` is when something was last said in a conversation that
    is no room. `hidden` is 1 if they have hidden it, and nothing was said since. `title_counts` is the
    person's choice of what the tab's title counts, `language` the one that they chose, `drafts_version` is
    theirs, `person_version` is their `User.version`.
    """

    unread: int
    replies: int
    personal: int
    arrangement: int
    version: int
    name: str
    others: int
    latest: datetime | None
    hidden: int
    title_counts: str
    language: str
    drafts_version: int
    person_version: int

    @property
    def is_listed(self) -> bool:
        """Whether the sidebar shows the conversation."""
        return self.unread > 0 or self.personal > 0 or not self.hidden

    @property
    def is_for_me(self) -> bool:
        """Whether something unread is a direct message, a mention, or a reply to the person."""
        return self.unread > 0 and self.personal > 0


def only_drafts_changed(before: dict[int, Unread], now: dict[int, Unread]) -> bool:
    """Whether a person's counts tell that nothing but their drafts changed.

    Each change of a draft raises both versions by one; anything else raises `person_version` alone.
    """
    if not now or before.keys() != now.keys():
        return False
    for pk, one in now.items():
        known = before[pk]
        changes = one.drafts_version - known.drafts_version
        if changes < 1 or one.person_version - known.person_version != changes:
            return False
        if one._replace(drafts_version=known.drafts_version, person_version=known.person_version) != known:
            return False
    return True


def unread_of(
    user_ids: Collection[int], conversation_ids: Collection[int], members: Collection[int]
) -> list[tuple[int, int, Unread]]:
    """(person, conversation, what is unread there), in one query that reads unread rows only.

    Args:
        user_ids: people to count for in all their conversations.
        conversation_ids: conversations to count in for `members` only.
        members: people to count for in `conversation_ids` only, if they are members there.
    """
    rows = _rows(list(user_ids), list(conversation_ids), list(members))
    return [(user_id, conversation_id, Unread(*rest)) for user_id, conversation_id, *rest in rows]


@prepared
def _rows(
    user_ids: list[int], conversation_ids: list[int], members: list[int]
) -> QuerySet[Membership, tuple[Any, ...]]:
    condition = Q(user__in=user_ids)
    if conversation_ids or members:  # no row has the id 0; an empty list would take both out of the SQL
        condition |= Q(conversation__in=conversation_ids or [0], user__in=members or [0])
    unread = Notification.objects.filter(
        user=OuterRef("user"), conversation=OuterRef("conversation"), read_at=None
    )
    return Membership.objects.filter(condition, conversation__archived_at=None).values_list(
        "user_id",
        "conversation_id",
        badge_count("notification_level", unread, unread.personal()),
        badge_count("notification_level", unread.replies(), unread.replies()),
        capped(unread.personal()),
        "user__arrangement",
        "conversation__version",
        "conversation__name",
        Case(
            When(conversation__kind="room", then=Value(0)),
            default=F("conversation__members_version"),
            output_field=BigIntegerField(),
        ),
        Case(
            When(conversation__kind="room", then=None),
            default=F("conversation__last_message_at"),
            output_field=DateTimeField(),
        ),
        is_hidden(conversation="conversation__"),
        "user__title_counts",
        "user__language",
        "user__drafts_version",
        "user__version",
    )


def reminders_of(user_ids: Collection[int]) -> dict[int, int]:
    """How many reminders are in the inboxes of people: one query. Each new one raises the person's version,
    so it has to be asked only for those whose version has changed."""
    return dict(_reminders(list(user_ids))) if user_ids else {}


@prepared
def _reminders(user_ids: list[int]) -> QuerySet[User, tuple[int, int]]:
    return User.objects.filter(pk__in=user_ids).values_list("pk", due_count(OuterRef("pk")))


class Drafts(NamedTuple):
    """A person's drafts: [conversation, message or 0, version] of each."""

    version: int
    places: list[list[int]]

    @property
    def event(self) -> bytes:
        return json_event("drafts", {"as_of": self.version, "places": self.places})


NO_DRAFTS = Drafts(0, [])


def changed_drafts(counted: list[tuple[int, int, Unread]], known: dict[int, int]) -> dict[int, Drafts]:
    """The drafts of those counted people whose `drafts_version` is not the `known` one. At most one query."""
    changed = {user_id for user_id, _pk, one in counted if one.drafts_version != known.get(user_id, 0)}
    if not changed:
        return {}
    people = User.objects.filter(pk__in=changed).values_list("pk", "drafts_version", "drafts")
    return {pk: Drafts(version, places) for pk, version, places in people}
