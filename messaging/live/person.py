"""One person with open streams: what their sidebar and its badges show, and the events that say so."""

from dataclasses import dataclass, field
from zlib import crc32

from messaging.live.connection import Connection
from messaging.live.sse_format import json_event
from messaging.live.unread import Drafts, Unread, only_drafts_changed
from messaging.models.people.preferences import TitleCounts


@dataclass
class Person:
    """Somebody with open streams: what is unread for them in each of their conversations, and how many
    reminders are in their inbox.

    `badges` is the event with these numbers, `drafts` that with their drafts, or empty if they never had any.
    `state` stands for what else the sidebar says about the conversations.
    """

    version: int
    connections: dict[Connection, None] = field(default_factory=dict)  # the oldest first
    unread: dict[int, Unread] = field(default_factory=dict)
    reminders: int = 0
    badges: bytes = b""
    state: str = ""
    drafts: bytes = b""
    drafts_version: int = 0
    is_counted: bool = False

    def write(self, data: bytes) -> None:
        for connection in list(self.connections):
            connection.write(data)

    def sidebar(self, names: str) -> bytes:
        """Which conversations the sidebar lists, and the state of what it says about them."""
        listed = sorted(pk for pk, one in self.unread.items() if one.is_listed)
        arrangement = max((one.arrangement for one in self.unread.values()), default=0)
        event = {"conversations": listed, "names": names, "state": self.state, "arrangement": arrangement}
        return json_event("sidebar", event)

    def write_badges(self, always: bool = False) -> None:
        """Send the badges: to all pages if `always`, otherwise only to pages without a conversation.

        Some of these list what is unread, and load their list again. It may have changed even if no number
        did: as many messages came as were read, one was edited, or there are more than the numbers tell.
        """
        for connection in list(self.connections):
            if always or connection.conversation_id is None:
                connection.write(self.badges)

    def update_drafts(self, drafts: Drafts) -> None:
        """Send which drafts there are, unless something newer was sent."""
        if drafts.version > self.drafts_version:
            self.drafts_version, self.drafts = drafts.version, drafts.event
            self.write(self.drafts)

    def update(self, unread: dict[int, Unread], names: str) -> None:
        """Store a new count, and send what changed in the sidebar and its badges."""
        shown, shown_before, badges_before = _shown(unread), _shown(self.unread), self.badges
        is_same = only_drafts_changed(self.unread, unread)
        self.unread, self.badges = unread, _badges(unread, self.reminders)
        if not self.is_counted or shown != shown_before:
            self.state = _state(shown)
            self.write(self.sidebar(names))
        if not is_same:
            self.write_badges(always=not self.is_counted or self.badges != badges_before)
        self.is_counted = True
        if unread:
            self._follow_language(next(iter(unread.values())).language)

    def _follow_language(self, chosen: str) -> None:
        """Make pages that are in another language than the person chose meanwhile load their lists again."""
        for connection in list(self.connections):
            visitor, is_of_conversation = connection.visitor, connection.conversation_id is not None
            if is_of_conversation and visitor.language_if_chosen(chosen) != visitor.language:
                connection.reset()


def _shown(unread: dict[int, Unread]) -> dict[int, tuple[str, int, int, int]]:
    """What the sidebar says about each conversation, apart from its badge, and in which order."""
    listed = {pk: one for pk, one in unread.items() if one.is_listed}
    latest_first = sorted(((one.latest, -pk) for pk, one in listed.items() if one.latest), reverse=True)
    places = {-pk: place for place, (_latest, pk) in enumerate(latest_first)}
    return {pk: (one.name, one.arrangement, one.others, places.get(pk, -1)) for pk, one in listed.items()}


def _state(shown: dict[int, tuple[str, int, int, int]]) -> str:
    """The same in every process, so that a page can compare what two streams say."""
    return f"{crc32(repr(sorted(shown.items())).encode()):x}"


def _badges(unread: dict[int, Unread], reminders: int) -> bytes:
    """The event with the badges. A conversation without unread messages is left out."""
    conversations = {pk: one.unread for pk, one in unread.items() if one.unread}
    for_me = [pk for pk, one in unread.items() if one.is_for_me]
    totals = {
        "unread": sum(one.unread for one in unread.values()),
        "replies": sum(one.replies for one in unread.values()),
        "personal": sum(one.personal for one in unread.values()) + reminders,
        "reminders": reminders,
    }
    is_personal = any(one.title_counts == TitleCounts.PERSONAL for one in unread.values())
    totals["title_count"] = totals["personal"] if is_personal else totals["unread"] + reminders
    return json_event("badges", {"conversations": conversations, "for_me": for_me, **totals})
