"""A person's list of conversations, with the unread counts of each and in total.

One query for the list, and one for the names in it.

All counts of unread around a page come from that one query, so the badges cannot disagree with each other.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.membership import Membership
from messaging.models.db.prepared import prepared
from messaging.models.inbox.sections import sections_of
from messaging.models.inbox.sidebar_entry import ListedConversation, SidebarEntry
from messaging.models.inbox.sidebar_sections import SidebarSection, in_sections
from messaging.models.inbox.status import next_status_end
from messaging.models.inbox.unread_counts import UNREAD_COUNTED, badge_count, capped, due_count, is_hidden
from messaging.models.messages.notification import Notification
from messaging.models.people.consequences import SHOWN
from messaging.models.people.preferences import TitleCounts
from messaging.models.people.user import User

SHORT = 12  # conversations, which need no filter
HIDDEN, ARCHIVED = 1, 2  # why a conversation is not listed unless it is open
OF_OTHERS = [f"user__{name}" for name in (*SHOWN, "status", "status_until", "is_active")]


@dataclass
class Sidebar:
    """A person's conversations, and what is unread in them.

    `current` is what is open: the id of a conversation, or the name of a page. `personal` counts unread
    mentions, replies and direct messages, without ordinary messages in rooms; and the `reminders` in the
    inbox. `reader_version` is the reader's `version`, read in the same query. At `next_end` the first of the
    statuses shown ends.
    """

    reader: User
    current: int | str | None = None
    personal: int = 0
    reminders: int = 0
    reader_version: int = 0
    next_end: datetime | None = None
    count_limit: int = UNREAD_COUNTED
    entries: dict[int, SidebarEntry] = field(default_factory=dict)

    @property
    def versions(self) -> tuple[int, int]:
        """The version of the reader, and the sum of those of the conversations. Of two such pairs the greater
        one is the later one: versions only grow, and a reader who enters or leaves a conversation gets a new
        one."""
        return self.reader_version, sum(entry.conversation.version for entry in self.entries.values())

    @property
    def sections(self) -> list[SidebarSection]:
        return in_sections(self.entries.values(), sections_of(self.reader), self.reader.folded_sections)

    @property
    def in_order(self) -> list[SidebarEntry]:
        """All conversations in the order of the sidebar."""
        return [entry for section in self.sections for entry in section.entries]

    @property
    def rooms(self) -> list[SidebarEntry]:
        return [entry for entry in self.in_order if entry.is_room]

    @property
    def direct_and_groups(self) -> list[SidebarEntry]:
        return [entry for entry in self.in_order if not entry.is_room]

    @property
    def has_drafts(self) -> bool:
        """Whether the person has a draft anywhere, also where they are no longer a member."""
        return bool(self.reader.drafts)

    @cached_property
    def with_draft(self) -> set[int]:
        """The ids of the conversations in which the person has a draft."""
        return {conversation for conversation, _reply_to, _version in self.reader.drafts}

    @property
    def is_short(self) -> bool:
        """Whether all of it is in sight at once, on most screens."""
        return len(self.entries) <= SHORT

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
        is_personal = self.reader.title_counts == TitleCounts.PERSONAL
        return self.personal if is_personal else self.unread + self.reminders

    @cached_property
    def others(self) -> dict[int, list[User]]:
        """The other people of each conversation that is no room; queried only when a name is needed."""
        named = [pk for pk, entry in self.entries.items() if not entry.is_room]
        people: dict[int, list[User]] = defaultdict(list)
        for membership in _others_in(named, self.reader.pk):
            people[membership.conversation_id].append(membership.user)
        return people

    @cached_property
    def hidden(self) -> set[int]:
        """The ids of the conversations that the person is in and has hidden; queried only when needed."""
        mine = Conversation.objects.visible_to(self.reader).filter(archived_at=None, removed_at=None)
        return set(mine.exclude(pk__in=self.entries).order_by().values_list("pk", flat=True))

    @property
    def state(self) -> str:
        """Everything that the rendered list depends on, beyond what people are called (`people_version`).

        Their statuses raise `members_version`, and end by the clock at `next_end`.
        """
        reader = self.reader
        shown: list[object] = [reader.pk, reader.title_counts, reader.sections, reader.folded_sections]
        shown += [sorted(self.with_draft), self.has_drafts]
        shown += [self.personal, self.reminders, self.replies, self.next_end]
        for pk, entry in self.entries.items():
            place, arranged = entry.conversation, (entry.level, entry.is_starred, entry.section, entry.is_out)
            shown += [pk, entry.unread, entry.has_personal, place.name, place.is_private]
            shown += [place.members_version, arranged]
        return repr(shown)


def sidebar_of(user: User, current: int | str | None = None) -> Sidebar:
    """The person's conversations, without archived ones (but with the one that is open).

    Args:
        current: the id of the conversation that is open, or the name of the page.
    """
    sidebar = Sidebar(user, current, reader_version=user.version)
    now = known = user.arrangement, user.drafts_version
    row: Sequence[Any] = ()  # type: ignore[explicit-any] # one of the database
    for row in _conversations_of(user.pk, current if isinstance(current, int) else None, timezone.now()):
        conversation = ListedConversation._make(row[:6])
        level, is_starred, section, unread, replies, has_personal, out, first, first_pk = row[6:-6]
        is_out = out == ARCHIVED or (out == HIDDEN and not unread and not has_personal)
        if is_out and conversation.pk != current:
            continue
        sidebar.entries[conversation.pk] = SidebarEntry(
            sidebar,
            conversation,
            level,
            is_starred,
            section,
            unread,
            replies,
            bool(has_personal),
            is_out,
            first,
            first_pk,
        )
    if row:
        sidebar.reader_version, *_, unread, sidebar.reminders, sidebar.next_end = row[-6:]
        now = row[-5], row[-4]
        sidebar.personal = unread + sidebar.reminders
    else:  # they are in no conversation, but may have reminders of what they have left
        sidebar.reminders = sidebar.personal = user.reminders.filter(is_due=True)[:UNREAD_COUNTED].count()
    if now != known:  # it has changed since the person's row was read
        user.refresh_from_db(
            fields=["arrangement", "sections", "folded_sections", "drafts", "drafts_version"]
        )
    return sidebar


@prepared
def _conversations_of(  # type: ignore[explicit-any] # rows with annotations
    user_id: int, current: int | None, now: datetime
) -> QuerySet[Any, Any]:
    unread = Notification.objects.filter(user=user_id, read_at=None)
    here, personal = unread.filter(conversation=OuterRef("pk")), unread.personal()
    level = "memberships__notification_level"
    first = here.filter(thread_root=None).order_by("message")
    is_open = Q(pk=current)
    conversations = Conversation.objects.filter(Q(archived_at=None) | is_open, memberships__user=user_id)
    return conversations.order_by(F("last_message_at").desc(nulls_last=True), "pk").values_list(
        *ListedConversation._fields,
        level,
        "memberships__is_starred",
        "memberships__section",
        badge_count(level, here, here.personal()),
        badge_count(level, here.replies(), here.replies()),
        # The database makes this set once, and does not search each conversation for what is personal.
        Case(When(pk__in=personal.values("conversation"), then=1), default=0),
        Case(When(archived_at=None, then=is_hidden("memberships__")), default=ARCHIVED),
        Case(When(is_open, then=Subquery(first.values("message__seq")[:1]))),
        Case(When(is_open, then=Subquery(first.values("message")[:1]))),
        # The same in each row:
        "memberships__user__version",
        "memberships__user__arrangement",
        "memberships__user__drafts_version",
        capped(personal),
        due_count(user_id),
        next_status_end(user_id, now),
    )


@prepared
def _others_in(conversation_ids: list[int], user_id: int) -> QuerySet[Membership]:
    others = Membership.objects.filter(conversation__in=conversation_ids).exclude(user=user_id)
    return others.select_related("user").only("conversation_id", *OF_OTHERS).order_by("pk")
