"""What has happened in a person's conversations lately, as they may see it now: for their weekly digest.

Some ten queries and a few more for reasons, however much was written. Muted and archived conversations, and
people whom the person blocks, do not occur.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.kind import Kind
from messaging.models.conversations.left_rooms import LeftRoom
from messaging.models.conversations.membership import Membership
from messaging.models.conversations.permissions import is_open_to
from messaging.models.inbox.missed_mail import mailed_reasons
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.inbox.sidebar_entry import SidebarEntry
from messaging.models.inbox.waiting import PERSONAL_READ, Group, PersonalRow, in_rank, personal_groups
from messaging.models.inbox.why import Cause, NotifiedMessage, causes_of
from messaging.models.messages.message import Message
from messaging.models.messages.notification import Notification
from messaging.models.messages.reactions import Reaction
from messaging.models.messages.rows import MessageRows
from messaging.models.people.blocks import Block
from messaging.models.people.preferences import NotificationLevel
from messaging.models.people.user import User

DAYS: Final = timedelta(days=7)
PLACES, MESSAGES_OF_EACH = 8, 3  # that wait
ROOMS, THREADS, NEW_ROOMS = 5, 3, 5
THREADS_COMPARED = 20  # those with most replies
FEWEST_REPLIES = 2  # of a lively thread


@dataclass(frozen=True)
class Waiting:
    """A place where something waits for the person: its newest messages, why each is for them, and how many
    there are before."""

    group: Group
    messages: list[Message]
    causes: list[Cause]

    @property
    def more(self) -> int:
        return self.group.count - len(self.messages)


@dataclass(frozen=True)
class BusyRoom:
    """A room or group, and how many messages in it the person has not read."""

    entry: SidebarEntry
    number: int


@dataclass(frozen=True)
class LivelyThread:
    entry: SidebarEntry
    root: Message
    replies: int
    reactions: int


@dataclass(frozen=True)
class NewRoom:
    room: Conversation
    members: int


@dataclass(frozen=True)
class Week:
    """What there is to tell. `more_waiting` is the number of messages that wait at further places."""

    waiting: list[Waiting]
    more_waiting: int
    rooms: list[BusyRoom]
    threads: list[LivelyThread]
    new_rooms: list[NewRoom]

    def __bool__(self) -> bool:
        return bool(self.waiting or self.rooms or self.threads or self.new_rooms)

    @property
    def waits(self) -> int:
        """How many messages wait for the person."""
        return self.more_waiting + sum(one.group.count for one in self.waiting)


def week_of(user: User, now: datetime) -> Week:
    """What has happened in the seven days before `now`."""
    since = now - DAYS
    in_sidebar = sidebar_of(user).entries
    entries = {pk: entry for pk, entry in in_sidebar.items() if not entry.is_muted}
    blocked = list(Block.objects.filter(user=user).values_list("blocked", flat=True))
    groups = in_rank(personal_groups(_unread(user, entries, since), entries).values())
    new = _new_replies(user, _shared(entries), blocked, since)
    listed_threads = [group.place.thread for group in groups if group.place.thread]
    return Week(
        _waiting(user, groups[:PLACES]),
        sum(group.count for group in groups[PLACES:]),
        _rooms(user, entries, groups, since),
        _threads(new.exclude(thread_root__in=listed_threads), user, entries, blocked, since),
        _new_rooms(user, blocked, since),
    )


def _unread(user: User, entries: Mapping[int, SidebarEntry], since: datetime) -> list[PersonalRow]:
    rows = Notification.objects.filter(user=user, read_at=None, created_at__gte=since).personal()
    columns = ("conversation_id", "thread_root_id", "message_id", "reason")
    found = [PersonalRow(*row) for row in rows.order_by("-pk").values_list(*columns)[:PERSONAL_READ]]
    mailed_reasons_by_level = {level: set(mailed_reasons(level)) for level in NotificationLevel}
    mailed = {pk: mailed_reasons_by_level[NotificationLevel(one.level)] for pk, one in entries.items()}
    return [row for row in found if row.reason in mailed.get(row.conversation, ())]


def _waiting(user: User, groups: list[Group]) -> list[Waiting]:
    shown = [pk for group in groups for pk in group.personal[-MESSAGES_OF_EACH:]]
    rows = Message.rows.filter(pk__in=shown, removed_at=None).select_related("sender").order_by("pk")
    reasons = {pk: reason for group in groups for pk, reason in group.reasons.items()}
    messages = {one.pk: one for one in rows}
    causes = causes_of([NotifiedMessage(user.pk, one, reasons[pk]) for pk, one in messages.items()])
    found = []
    for group in groups:
        here = [messages[pk] for pk in group.personal[-MESSAGES_OF_EACH:] if pk in messages]
        if here:
            found.append(Waiting(group, here, [causes[user.pk, one.pk] for one in here]))
    return found


def _new_replies(
    user: User, places: Collection[int], blocked: Collection[int], since: datetime
) -> "QuerySet[Message]":
    """What others answered while the person was a member, and they have not read."""
    mine = Membership.objects.filter(user=user, conversation=OuterRef("conversation"))
    read = Notification.objects.filter(user=user, message=OuterRef("pk"), read_at__isnull=False)
    new = Message.rows.filter(conversation__in=places, timestamp__gte=since, removed_at=None)
    of_others = new.filter(thread_root__isnull=False).exclude(sender=user).exclude(sender__in=blocked)
    return of_others.filter(Exists(mine.filter(joined_at__lte=OuterRef("timestamp"))), ~Exists(read))


def _rooms(
    user: User, entries: Mapping[int, SidebarEntry], groups: list[Group], since: datetime
) -> list[BusyRoom]:
    """Those with most unread messages of that time, whatever their badges count, without those whose unread
    messages are all in what waits."""
    already_listed: Counter[int] = Counter()
    for group in groups:
        already_listed[group.place.conversation] += group.count
    rows = Notification.objects.filter(
        user=user, read_at=None, conversation__in=_shared(entries), created_at__gte=since
    )
    counted = rows.order_by().values("conversation").annotate(number=Count("pk"))
    found = counted.order_by("-number", "conversation").values_list("conversation", "number")
    more = [BusyRoom(entries[pk], number) for pk, number in found if number > already_listed[pk]]
    return more[:ROOMS]


def _shared(entries: Mapping[int, SidebarEntry]) -> list[int]:
    """The ids of the rooms and groups: all of a direct conversation waits for the person."""
    return [pk for pk, entry in entries.items() if not entry.conversation.is_direct]


def _threads(
    new: "QuerySet[Message]",
    user: User,
    entries: Mapping[int, SidebarEntry],
    blocked: Collection[int],
    since: datetime,
) -> list[LivelyThread]:
    """Those with most new replies and reactions, whose first message is there."""
    counted = new.order_by().values("thread_root").annotate(number=Count("pk"))
    most = counted.filter(number__gte=FEWEST_REPLIES).order_by("-number", "-thread_root")[:THREADS_COMPARED]
    replies = dict(most.values_list("thread_root", "number"))
    if not replies:
        return []
    heads = Message.rows.filter(pk__in=list(replies))
    reactions = _reactions(heads.threads(), [user.pk, *blocked], blocked, since)
    roots = heads.filter(removed_at=None).exclude(sender__in=blocked).select_related("sender")
    found = [
        LivelyThread(entries[root.conversation_id], root, replies[root.pk], reactions.get(root.pk, 0))
        for root in roots
    ]
    return sorted(found, key=lambda one: (-one.replies - one.reactions, -one.root.pk))[:THREADS]


def _reactions(
    messages: MessageRows, not_by: Collection[int], blocked: Collection[int], since: datetime
) -> dict[int, int]:
    """The number of new reactions, by the first message of the thread."""
    rows = Reaction.objects.filter(message__in=messages.values("pk"), created_at__gte=since)
    counted = rows.exclude(user__in=not_by).exclude(message__sender__in=blocked).order_by()
    by_root = counted.values(root=Coalesce("message__thread_root", "message")).annotate(number=Count("pk"))
    return dict(by_root.values_list("root", "number"))


def _new_rooms(user: User, blocked: Collection[int], since: datetime) -> list[NewRoom]:
    """The newest public rooms that the person can join, is not in and has not left."""
    rooms = Conversation.objects.filter(is_open_to(user), kind=Kind.ROOM, removed_at=None, archived_at=None)
    new = rooms.filter(created_at__gte=since).exclude(created_by__in=blocked)
    others = new
    for known in (Membership, LeftRoom):
        others = others.exclude(Exists(known.objects.filter(user=user, conversation=OuterRef("pk"))))
    found = list(others.order_by("-created_at", "-pk")[:NEW_ROOMS])
    members = Membership.objects.filter(conversation__in=found).order_by().values("conversation")
    counts = dict(members.annotate(number=Count("pk")).values_list("conversation", "number"))
    return [NewRoom(room, counts.get(room.pk, 0)) for room in found]
