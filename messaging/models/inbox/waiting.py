"""What waits for a person: their unread messages, grouped by conversation and thread.

The groups follow from the counts of the sidebar and one more query, so the numbers agree with the badges.
Which messages are shown is asked for the groups of one page only.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.membership import Membership
from messaging.models.db.prepared import prepared
from messaging.models.inbox.places import Place
from messaging.models.inbox.sidebar import Sidebar
from messaging.models.inbox.sidebar_entry import SidebarEntry
from messaging.models.inbox.unread_counts import UNREAD_COUNTED, badge_count
from messaging.models.messages.message import Message
from messaging.models.messages.notification import Notification, NotificationQuerySet

if TYPE_CHECKING:
    from messaging.models.inbox.later import Later

SHOWN_OF_EACH = 3  # messages of a group, unless it is opened
SHOWN_OF_OPENED = 100
PERSONAL_READ = 2000  # the newest: older ones wait until these are done


class Filter(StrEnum):
    FOR_ME = "for-me"
    THREADS = "threads"
    ROOMS = "rooms"


class Rank(IntEnum):
    """The order of the groups."""

    ADDRESSED = 0  # something in it is a mention, or a direct message
    THREAD = 1
    ROOM = 2


@dataclass
class Group:
    """What is unread at one place.

    `personal` are the ids of the messages in it that are for the person, oldest first, and `reasons` says why
    each is; `shown` are those of the messages that the page shows. `count` is the number of all, up to
    `UNREAD_COUNTED` in a room. `later` says when it comes back, if it was put off.
    """

    entry: SidebarEntry
    place: Place
    rank: Rank
    personal: list[int] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)
    count: int = 0
    shown: list[int] = field(default_factory=list)
    later: "Later | None" = None

    @property
    def is_for_me(self) -> bool:
        return self.rank != Rank.ROOM

    @property
    def has_others(self) -> bool:
        """Whether it has ordinary messages of a room too."""
        return self.count > len(self.personal)

    @property
    def is_in(self) -> Collection[Filter]:
        """The filters that show it."""
        kind = Filter.THREADS if self.place.thread else Filter.ROOMS
        found = [Filter.FOR_ME] if self.is_for_me else []
        return found if kind == Filter.ROOMS and self.entry.conversation.is_direct else [*found, kind]


class PersonalRow(NamedTuple):
    """An unread notification that is for the person."""

    conversation: int
    thread: int | None
    message: int
    reason: str


def groups_for(sidebar: Sidebar) -> list[Group]:
    """All groups: first those that are for the person, by `Rank`, then by when they began to wait, the latest
    first; then the rooms in the order of the sidebar. One query. `shown` is empty."""
    groups = personal_groups(map(PersonalRow._make, _personal_unread(sidebar.reader.pk)), sidebar.entries)
    return in_rank(groups.values()) + _rooms(sidebar, groups)


def personal_groups(rows: Iterable[PersonalRow], entries: Mapping[int, SidebarEntry]) -> dict[Place, Group]:
    """What is for the person, by place: those of the rows that are in one of these conversations."""
    groups: dict[Place, Group] = {}
    for row in rows:
        entry = entries.get(row.conversation)
        if entry is None:  # somebody has just left it
            continue
        place = Place(row.conversation, row.thread)
        group = groups.setdefault(place, Group(entry, place, Rank.THREAD))
        group.personal.append(row.message)
        group.reasons[row.message] = row.reason
        if row.reason != Notification.Reason.REPLY:
            group.rank = Rank.ADDRESSED
    for group in groups.values():
        group.personal.sort()
        group.count = len(group.personal)
    return groups


def in_rank(groups: Iterable[Group]) -> list[Group]:
    """Those that are for the person in the order of the inbox."""
    return sorted(groups, key=lambda group: (group.rank, -group.personal[0]))


def _rooms(sidebar: Sidebar, groups: dict[Place, Group]) -> list[Group]:
    """The timelines in which nothing is for the person.

    Also gives those of `groups` that are timelines the number of all their messages.
    """
    entries = sidebar.in_order
    counts = {entry.conversation.pk: entry.unread_roots for entry in entries}
    # At the limit of counting, the sidebar does not know how many of the unread messages are replies.
    if full := [entry.conversation.pk for entry in entries if entry.unread >= UNREAD_COUNTED]:
        counts |= dict(_root_counts(sidebar.reader.pk, full))
    found = []
    for entry in entries:
        place, count = Place(entry.conversation.pk), counts[entry.conversation.pk]
        if group := groups.get(place):
            group.count = max(group.count, count)
        elif count:
            found.append(Group(entry, place, Rank.ROOM, count=count))
    return found


@prepared
def _personal_unread(user_id: int) -> QuerySet[Notification, tuple[int, int | None, int, str]]:
    rows = Notification.objects.filter(user=user_id, read_at=None).personal().order_by("-pk")
    return rows.values_list("conversation_id", "thread_root_id", "message_id", "reason")[:PERSONAL_READ]


def choose_shown(user_id: int, groups: Sequence[Group], opened: str = "") -> None:
    """Say which messages of these groups are shown: the first few, and if some are for the person, the first
    of those. At most two queries.

    Args:
        opened: the key of the place of which all messages are shown, up to `SHOWN_OF_OPENED`.
    """
    rest = []
    for group in groups:
        is_opened = group.place.key == opened
        if is_opened and group.has_others:
            group.shown = list(_roots_of(user_id, group.place.conversation))
        elif group.personal:
            group.shown = group.personal[: SHOWN_OF_OPENED if is_opened else SHOWN_OF_EACH]
        else:
            rest.append(group)
    if rest:
        first = {pk: ids for pk, *ids in _first_roots(user_id, [one.place.conversation for one in rest])}
        for group in rest:
            group.shown = [pk for pk in first.get(group.place.conversation, ()) if pk is not None]


def _unread_roots(user_id: int) -> NotificationQuerySet:
    return Notification.objects.filter(user=user_id, thread_root=None, read_at=None)


@prepared
def _first_roots(
    user_id: int, conversation_ids: list[int]
) -> QuerySet[Conversation, tuple[int, int, int | None, int | None]]:
    # One look into the index for each, however much is unread: a window function would read all of it.
    here = _unread_roots(user_id).filter(conversation=OuterRef("pk")).order_by("message").values("message")
    first = [Subquery(here[place : place + 1]) for place in range(SHOWN_OF_EACH)]
    return Conversation.objects.filter(pk__in=conversation_ids).values_list("pk", *first)


@prepared
def _roots_of(user_id: int, conversation_id: int) -> QuerySet[Notification, int]:
    rows = _unread_roots(user_id).filter(conversation=conversation_id).order_by("message")
    return rows.values_list("message_id", flat=True)[:SHOWN_OF_OPENED]


@prepared
def _root_counts(user_id: int, conversation_ids: list[int]) -> QuerySet[Membership, tuple[int, int]]:
    here = _unread_roots(user_id).filter(conversation=OuterRef("conversation"))
    count = badge_count("notification_level", here, here.personal())
    memberships = Membership.objects.filter(user=user_id, conversation__in=conversation_ids)
    return memberships.order_by().values_list("conversation_id", count)


def messages_of(groups: Iterable[Group]) -> dict[int, Message]:
    """The messages that these groups show, and the first ones of their threads, by id, each with what it
    answers: one query."""
    ids = {pk for group in groups for pk in (*group.shown, group.place.thread) if pk}
    return {message.pk: message for message in _messages(sorted(ids))}


@prepared
def _messages(ids: list[int]) -> QuerySet[Message]:
    return Message.objects.filter(pk__in=ids).with_sender().with_answered()
