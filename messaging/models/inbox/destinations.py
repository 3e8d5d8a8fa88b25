"""Where a person can go by a name: their conversations and threads, people, and rooms that they could join.

A fixed number of queries for any number of rows. Nothing is found here that the person does not find in the
sidebar, the list of their threads, the list of people or the list of rooms.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Q

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.kind import Kind as ConversationKind
from messaging.models.conversations.membership import Membership
from messaging.models.inbox.sidebar_entry import title_of
from messaging.models.messages.attachment import number_of_files
from messaging.models.messages.message import Message
from messaging.models.messages.notification import NotificationQuerySet
from messaging.models.people import profile
from messaging.models.people.consequences import SHOWN
from messaging.models.people.preferences import NotificationLevel
from messaging.models.people.user import AVATAR_COLOURS, User
from messaging.text.excerpts import excerpt_of

THREADS = 200  # replies of each kind, whose threads are offered (`threads_of`)
THREAD_NAME_LENGTH = 100


class Kind(StrEnum):
    ROOM = "room"
    GROUP = "group"
    PERSON = "person"
    THREAD = "thread"
    PAGE = "page"
    COMMAND = "command"


class Shown(NamedTuple):
    """What is shown of a person, with the attributes of `User`. Thousands are made ten times as fast."""

    pk: int
    username: str
    display_name: str
    avatar: str

    @property
    def name(self) -> str:
        return self.display_name or self.username

    @property
    def initials(self) -> str:
        return profile.initials(self.name, self.username)

    @property
    def avatar_colour(self) -> int:
        return self.pk % AVATAR_COLOURS

    @property
    def avatar_name(self) -> str:
        return self.avatar.rpartition("/")[2]


@dataclass(slots=True)
class Destination:
    """A place to go to.

    `pk` is the id of the conversation, the thread's root message, or the person: a person with whom there is
    a direct conversation has its id in `direct`. `also` is a second name by which it is found, `shown` whose
    picture stands beside it. `is_near` is False for archived rooms, threads, and rooms that the person
    could join. `address`, `icon` and `keys` (of the keyboard) are those of pages and commands.
    """

    kind: Kind
    name: str
    pk: int = 0
    also: str = ""
    note: str = ""
    shown: "Shown | None" = None
    direct: int | None = None
    is_member: bool = True
    is_near: bool = True
    is_private: bool = False
    is_archived: bool = False
    is_unread: bool = False
    is_for_me: bool = False  # something unread is for the person: a mention, a reply or a direct message
    latest: datetime | None = None
    address: str = ""
    icon: str = ""
    keys: str = ""

    @property
    def conversation(self) -> int | None:
        """The id of the conversation that it opens, if it opens one."""
        return self.pk if self.kind in (Kind.ROOM, Kind.GROUP) else self.direct

    @property
    def person(self) -> User | None:
        """Made only for what is shown: for thousands it would take longer than all the rest."""
        return User(**self.shown._asdict()) if self.shown else None


def conversations_of(user: User) -> list[Destination]:
    """The person's rooms and groups, and the people with whom they have a direct conversation."""
    memberships = user.memberships.order_by().values_list(
        "notification_level",
        *("conversation", "conversation__kind", "conversation__name", "conversation__is_private"),
        *("conversation__archived_at", "conversation__last_message_at"),
    )
    unread = user.notifications.filter(read_at=None).order_by()
    any_unread, for_me = _conversations_with(unread), _conversations_with(unread.personal())
    others = _others_in_private(user)
    found = []
    for level, pk, kind, name, is_private, archived_at, latest in memberships:
        people = [] if kind == ConversationKind.ROOM else others[pk]
        is_direct = kind == ConversationKind.DIRECT
        person = (
            people[0] if people else Shown(user.pk, user.username, user.display_name, user.avatar.name or "")
        )
        is_for_me = pk in for_me and level != NotificationLevel.MUTED
        found.append(
            Destination(
                _KINDS[kind],
                name or title_of([one.name for one in people], is_direct),
                pk=person.pk if is_direct else pk,
                also=person.username if is_direct else "",
                shown=None if kind == ConversationKind.ROOM else person,
                direct=pk if is_direct else None,
                is_near=archived_at is None,
                is_private=is_private,
                is_archived=archived_at is not None,
                is_unread=is_for_me or (pk in any_unread and level in NotificationLevel.counting_all()),
                is_for_me=is_for_me,
                latest=latest,
            )
        )
    return found


_KINDS = {
    ConversationKind.ROOM: Kind.ROOM,
    ConversationKind.GROUP: Kind.GROUP,
    ConversationKind.DIRECT: Kind.PERSON,
}


def people_for(user: User) -> list[Destination]:
    """The active people whom the person may see."""
    people = User.objects.visible_to(user).active().order_by().values_list("pk", *SHOWN)
    return [
        Destination(Kind.PERSON, one.name, one.pk, also=one.username, shown=one)
        for one in map(Shown._make, people)
    ]


def joinable_rooms(user: User, joined: Collection[int]) -> list[Destination]:
    """The rooms that the person could join, also archived ones.

    Args:
        joined: the ids of the conversations that they are in, which are left out.
    """
    rooms = Conversation.objects.open_to(user).order_by().values_list("pk", "name", "archived_at")
    return [
        Destination(Kind.ROOM, name, pk, is_member=False, is_near=False, is_archived=archived_at is not None)
        for pk, name, archived_at in rooms
        if pk not in joined
    ]


def threads_of(user: User, titles: dict[int, str]) -> list[Destination]:
    """The person's latest threads, by the first words of their first message. Threads whose first message was
    removed, or was written by somebody whom the reader blocks, are left out.

    Args:
        titles: what the person's conversations are called, by their ids.
    """
    # The latest rows of both: replies that the person was notified of, and replies that they wrote.
    told = (
        user.notifications.personal()
        .replies()
        .order_by("-pk")
        .values_list("thread_root", "message__timestamp")
    )
    wrote = Message.rows.filter(sender=user, thread_root__isnull=False, removed_at=None)
    latest: dict[int, datetime] = {}
    written = wrote.order_by("-pk").values_list("thread_root", "timestamp")
    for root, at in [*told[:THREADS], *written[:THREADS]]:
        if root is not None:
            latest[root] = max(at, latest.get(root, at))
    roots = Message.objects.visible_to(user).filter(pk__in=latest, removed_at=None)
    roots = roots.exclude(sender__in=user.blocks.values("blocked"))
    unread = user.notifications.personal().filter(read_at=None, thread_root__in=latest)
    for_me = set(unread.values_list("thread_root", flat=True))
    return [
        Destination(
            Kind.THREAD,
            excerpt_of(content_html, THREAD_NAME_LENGTH) or number_of_files(files),
            pk,
            note=titles.get(conversation, ""),
            is_near=False,
            is_unread=pk in for_me,
            is_for_me=pk in for_me,
            latest=latest[pk],
        )
        for pk, conversation, content_html, files in roots.values_list(
            "pk", "conversation", "content_html", "file_count"
        )
    ]


def _conversations_with(rows: NotificationQuerySet) -> set[int]:
    return set(rows.values_list("conversation", flat=True).distinct())


def _others_in_private(user: User) -> dict[int, list[Shown]]:
    """The other people of each direct conversation and group of the person."""
    mine = user.memberships.filter(~Q(conversation__kind=ConversationKind.ROOM)).values("conversation")
    others = Membership.objects.filter(conversation__in=mine).exclude(user=user).order_by("pk")
    people: dict[int, list[Shown]] = defaultdict(list)
    shown = (f"user__{name}" for name in SHOWN)
    for conversation, pk, *rest in others.values_list("conversation", "user", *shown):
        people[conversation].append(Shown(pk, *rest))
    return people
