"""A person's list of conversations, with the unread counts of each and in total.

One query for the list, and one for the names in it.

All counts of unread around a page come from that one query, so the badges cannot disagree with each other.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.membership import Membership
from messaging.models.db.prepared import prepared
from messaging.models.inbox.status import next_status_end
from messaging.models.messages.notification import Notification, NotificationQuerySet
from messaging.models.people.preferences import NotificationLevel, TitleCounts
from messaging.models.people.user import SHOWN, User

UNREAD_COUNTED = 100  # shown as "99+": so 100,000 unread cost what 100 do
NAMED_PEOPLE = 3
OF_CONVERSATIONS = ["kind", "name", "is_private", "version", "members_version", "direct_key"]
OF_OTHERS = [f"user__{name}" for name in (*SHOWN, "status", "status_until", "is_active")]


class CappedCount(Subquery):  # type: ignore[explicit-any] # Subquery is one
    """How many rows a (sliced) subquery has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS capped)"
    output_field = BigIntegerField()


@dataclass
class SidebarEntry:
    """A conversation: how much is unread in it, how many of that are replies, and where that begins.

    `first_unread` is the `seq` of the first root that is unread, `first_unread_pk` its id: of the open
    conversation only.
    """

    conversation: Conversation
    unread: int
    unread_replies: int
    first_unread: int | None
    first_unread_pk: int | None
    is_starred: bool
    sidebar: "Sidebar" = field(repr=False)

    @property
    def unread_roots(self) -> int:
        """Unread messages in the timeline itself.

        At the limit of counting this is the whole number, since replies cannot be subtracted from it.
        """
        return self.unread if self.unread >= UNREAD_COUNTED else self.unread - self.unread_replies

    @property
    def is_room(self) -> bool:
        return self.conversation.is_room

    @property
    def is_private(self) -> bool:
        return self.conversation.is_private

    @property
    def others(self) -> list[User]:
        """The others in a conversation that is no room."""
        return self.sidebar.others[self.conversation.pk]

    @property
    def title(self) -> str:
        """The room's name, or the names of the others; else "Notes to yourself" or "Only you"."""
        if self.is_room or self.conversation.name:
            return self.conversation.name
        names = ", ".join(person.name for person in self.others[:NAMED_PEOPLE])
        more = len(self.others) - NAMED_PEOPLE
        alone = _("Notes to yourself") if self.conversation.is_direct else _("Only you")
        if more > 0:
            return _("%(names)s and %(number)d more") % {"names": names, "number": more}
        return names or alone

    @property
    def person(self) -> User | None:
        """Whose picture is shown for it."""
        return self.others[0] if self.others else None

    @property
    def other(self) -> User | None:
        """The other person of a direct conversation; None in the person's notes to themselves."""
        return self.person if self.conversation.is_direct else None


@dataclass
class Sidebar:
    """Rooms by name, starred ones first; conversations with people, the latest first.

    `current` is what is open: the id of a conversation, or the name of a page. `personal` counts unread
    mentions, replies and direct messages, without ordinary messages in rooms. `reader_version` is the
    reader's `version`, read in the same query. At `next_end` the first of the statuses shown ends.
    """

    reader: User
    current: int | str | None = None
    personal: int = 0
    reader_version: int = 0
    next_end: datetime | None = None
    count_limit: int = UNREAD_COUNTED
    entries: dict[int, SidebarEntry] = field(default_factory=dict)

    @property
    def versions(self) -> tuple[int, int]:
        """The version of the reader, and those of the conversations together. The later of two such pairs is
        the greater one: whoever enters or leaves a conversation gets a new version."""
        return self.reader_version, sum(entry.conversation.version for entry in self.entries.values())

    @property
    def rooms(self) -> list[SidebarEntry]:
        rooms = [entry for entry in self.entries.values() if entry.is_room]
        return sorted(rooms, key=lambda entry: (not entry.is_starred, entry.title.casefold()))

    @property
    def direct_and_groups(self) -> list[SidebarEntry]:
        return [entry for entry in self.entries.values() if not entry.is_room]

    @property
    def unread(self) -> int:
        return sum(entry.unread for entry in self.entries.values())

    @property
    def replies(self) -> int:
        """How much of the unread is in threads."""
        return sum(entry.unread_replies for entry in self.entries.values())

    @property
    def title_count(self) -> int:
        """The number in the tab's title."""
        return self.personal if self.reader.title_counts == TitleCounts.PERSONAL else self.unread

    @cached_property
    def others(self) -> dict[int, list[User]]:
        """The other people of each conversation that is no room; queried only when a name is needed."""
        named = [entry.conversation.pk for entry in self.direct_and_groups]
        people: dict[int, list[User]] = defaultdict(list)
        for membership in _others_in(named, self.reader.pk):
            people[membership.conversation_id].append(membership.user)
        return people

    @property
    def state(self) -> str:
        """Everything that the rendered list depends on, beyond what people are called (`people_version`).

        Their statuses raise `members_version`, and end by the clock at `next_end`.
        """
        shown = [
            self.reader.pk,
            self.reader.title_counts,
            self.current,
            self.personal,
            self.replies,
            self.next_end,
        ]
        for pk, entry in self.entries.items():
            place = entry.conversation
            shown += [pk, entry.unread, entry.is_starred, place.name, place.is_private, place.members_version]
        return repr(shown)


def sidebar_of(user: User, current: int | str | None = None) -> Sidebar:
    """The person's conversations, without archived ones (but with the one that is open).

    Args:
        current: the id of the conversation that is open, or the name of the page.
    """
    sidebar = Sidebar(user, current, reader_version=user.version)
    for conversation in _conversations_of(
        user.pk, current if isinstance(current, int) else None, timezone.now()
    ):
        sidebar.personal, sidebar.next_end = conversation.personal, conversation.next_end
        sidebar.reader_version = conversation.reader_version
        sidebar.entries[conversation.pk] = SidebarEntry(
            conversation,
            conversation.unread,
            conversation.replies,
            conversation.first_unread,
            conversation.first_unread_pk,
            conversation.starred,
            sidebar,
        )
    return sidebar


@prepared
def _conversations_of(  # type: ignore[explicit-any] # rows with annotations
    user_id: int, current: int | None, now: datetime
) -> QuerySet[Any, Any]:
    unread = Notification.objects.filter(user=user_id, read_at=None)
    here = unread.filter(conversation=OuterRef("pk"))
    level = "memberships__notification_level"
    first = here.filter(thread_root=None).order_by("message")
    is_open = Q(pk=current)
    shown = Q(archived_at=None) | is_open
    conversations = Conversation.objects.filter(shown, memberships__user=user_id).annotate(
        starred=F("memberships__is_starred"),
        reader_version=F("memberships__user__version"),
        unread=badge_count(level, here, here.personal()),
        replies=badge_count(level, here.replies(), here.replies()),
        personal=capped(unread.personal()),
        next_end=next_status_end(user_id, now),
        first_unread=Case(When(is_open, then=Subquery(first.values("message__seq")[:1]))),
        first_unread_pk=Case(When(is_open, then=Subquery(first.values("message")[:1]))),
    )
    conversations = conversations.only(*OF_CONVERSATIONS)
    return conversations.order_by(F("last_message_at").desc(nulls_last=True), "pk")


@prepared
def _others_in(conversation_ids: list[int], user_id: int) -> QuerySet[Membership]:
    others = Membership.objects.filter(conversation__in=conversation_ids).exclude(user=user_id)
    return others.select_related("user").only("conversation_id", *OF_OTHERS).order_by("pk")


def capped(rows: NotificationQuerySet) -> CappedCount:
    return CappedCount(rows.values("pk")[:UNREAD_COUNTED])


def badge_count(level: str, rows: NotificationQuerySet, personal: NotificationQuerySet) -> Case:
    """How many of the unread rows of a conversation its badge counts: by the member's notification level
    (`level` names the column) all, those that are personal, or none. The rows exist in any case."""
    return Case(
        When(**{level: NotificationLevel.ALL}, then=capped(rows)),
        When(**{level: NotificationLevel.PERSONAL}, then=capped(personal)),
        default=Value(0),
        output_field=BigIntegerField(),
    )
