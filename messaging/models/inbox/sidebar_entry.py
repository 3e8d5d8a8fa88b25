"""A line of the sidebar, and what it is called."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _

from messaging.models.conversations.kind import Kind
from messaging.models.inbox.unread_counts import UNREAD_COUNTED
from messaging.models.people.preferences import NotificationLevel
from messaging.models.people.user import User
from messaging.text.lists import join_names

if TYPE_CHECKING:
    from messaging.models.inbox.sidebar import Sidebar

NAMED_PEOPLE = 3


class ListedConversation(NamedTuple):
    """What the sidebar shows of a conversation itself. (Model instances would take as long again to make.)"""

    pk: int
    kind: str
    name: str
    is_private: bool
    version: int
    members_version: int

    @property
    def is_room(self) -> bool:
        return self.kind == Kind.ROOM

    @property
    def is_direct(self) -> bool:
        return self.kind == Kind.DIRECT


@dataclass(slots=True)
class SidebarEntry:
    """A conversation: how much is unread in it, how many of that are replies, and where that begins.

    `has_personal` says whether anything unread is for the person, whatever their notification level (`level`)
    is. `section` is the id of a section of the person's own, or 0. `is_out` is true for what stands in the
    sidebar only while it is open: it is archived, or hidden until something new is said. `first_unread` is
    the `seq` of the first root that is unread, `first_unread_pk` its id: of the open conversation only.
    """

    sidebar: "Sidebar" = field(repr=False)
    conversation: ListedConversation
    level: str
    is_starred: bool
    section: int
    unread: int
    unread_replies: int
    has_personal: bool
    is_out: bool
    first_unread: int | None
    first_unread_pk: int | None

    @property
    def unread_roots(self) -> int:
        """Unread messages in the timeline itself.

        At the limit of counting this is the whole number, since replies cannot be subtracted from it.
        """
        return self.unread if self.unread >= UNREAD_COUNTED else self.unread - self.unread_replies

    @property
    def is_for_me(self) -> bool:
        """Whether something unread is a direct message, a mention, or a reply to the person."""
        return self.unread > 0 and self.has_personal

    @property
    def has_draft(self) -> bool:
        return self.conversation.pk in self.sidebar.with_draft

    @property
    def is_muted(self) -> bool:
        return self.level == NotificationLevel.MUTED

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
        return title_of([person.name for person in self.others], self.conversation.is_direct)

    @property
    def person(self) -> User | None:
        """Whose picture is shown for it."""
        return self.others[0] if self.others else None

    @property
    def other(self) -> User | None:
        """The other person of a direct conversation; None in the person's notes to themselves."""
        return self.person if self.conversation.is_direct else None


def title_of(names: list[str], is_direct: bool) -> str:
    """What a conversation without a name of its own is called, by the names of the others in it."""
    more = len(names) - NAMED_PEOPLE
    shown = join_names(names[:NAMED_PEOPLE])
    if more > 0:
        return _("%(names)s and %(number)d more") % {"names": shown, "number": more}
    return shown or (_("Notes to yourself") if is_direct else _("Only you"))
