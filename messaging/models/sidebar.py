"""A person's list of conversations, with what is unread in each: two queries."""

from dataclasses import dataclass, field

from django.db.models import BigIntegerField, F, OuterRef, Subquery

from messaging.models.conversations import Conversation
from messaging.models.memberships import Membership
from messaging.models.notifications import Notification
from messaging.models.users import SHOWN, User

UNREAD_COUNTED = 100  # shown as "99+": so 100,000 unread cost what 100 do
NAMED_PEOPLE = 3


class CappedCount(Subquery):
    """How many rows a (sliced) subquery has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS capped)"
    output_field = BigIntegerField()


@dataclass
class Entry:
    conversation: Conversation
    unread: int
    is_starred: bool = False
    people: list[User] = field(default_factory=list)

    @property
    def is_room(self) -> bool:
        return self.conversation.is_room

    @property
    def is_private(self) -> bool:
        return self.conversation.is_private

    @property
    def title(self) -> str:
        """The room's name, or the names of the others; one's own in the notes to oneself."""
        if self.is_room or self.conversation.name:
            return self.conversation.name
        names = ", ".join(person.name for person in self.people[:NAMED_PEOPLE])
        more = len(self.people) - NAMED_PEOPLE
        alone = "Notes to yourself" if self.conversation.is_direct else "Only you"
        return f"{names} and {more} more" if more > 0 else names or alone

    @property
    def person(self) -> User | None:
        """Whose face stands for it."""
        return self.people[0] if self.people else None


@dataclass
class Sidebar:
    """Rooms by name, starred ones first; conversations with people, the latest first."""

    entries: dict[int, Entry]
    current: int | None = None

    @property
    def rooms(self) -> list[Entry]:
        rooms = [entry for entry in self.entries.values() if entry.is_room]
        return sorted(rooms, key=lambda entry: (not entry.is_starred, entry.title.casefold()))

    @property
    def people(self) -> list[Entry]:
        return [entry for entry in self.entries.values() if not entry.is_room]

    @property
    def unread(self) -> int:
        return sum(entry.unread for entry in self.entries.values())


def sidebar_of(user: User, current: int | None = None) -> Sidebar:
    """Everything that the person is in.

    Args:
        current: the id of the conversation that is open.
    """
    unread = Notification.objects.filter(user=user, conversation=OuterRef("pk"), read_at=None)
    conversations = Conversation.objects.filter(memberships__user=user).annotate(
        starred=F("memberships__is_starred"), unread=CappedCount(unread.values("pk")[:UNREAD_COUNTED])
    )
    entries = {
        conversation.pk: Entry(conversation, conversation.unread, conversation.starred)
        for conversation in conversations.order_by(F("last_message_at").desc(nulls_last=True), "pk")
    }
    named = [pk for pk, entry in entries.items() if not entry.is_room]
    others = Membership.objects.filter(conversation__in=named).exclude(user=user).select_related("user")
    others = others.only("conversation_id", *(f"user__{field}" for field in SHOWN))
    for membership in others.order_by("pk"):
        entries[membership.conversation_id].people.append(membership.user)
    return Sidebar(entries, current)
