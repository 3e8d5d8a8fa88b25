"""A site in memory: what people do to it, and what the live part would read of it."""

from collections import Counter
from dataclasses import dataclass, field

from messaging.live.authorization import Visitor
from messaging.live.cursor import Cursor
from messaging.live.payload import MAX_MESSAGES, Changes
from messaging.live.unread import Drafts, Unread
from messaging.live.versions import ConversationVersions, SiteVersions, Versions
from messaging.models.db.refusals import Refused
from tests.live.orders.calls import Call

ROOM = 7
START = SiteVersions("epoch", 1, 1)
ROOM_AT_START = ConversationVersions(5, 0, 1, "Harbour")


@dataclass
class FakeSite:
    """One room, its members, their sessions (the key of person 2 is "2") and its messages by version.

    Each act, and each reading, happens at one moment.
    """

    versions: SiteVersions = START
    room: ConversationVersions = ROOM_AT_START
    members: set[int] = field(default_factory=lambda: {1, 2, 3})
    sessions: set[str] = field(default_factory=lambda: {"1", "2", "3"})
    messages: list[int] = field(default_factory=lambda: [2, 5])
    left_at: dict[int, int] = field(default_factory=dict)
    departures: Counter[int] = field(default_factory=Counter)
    admitted_after: dict[int, int] = field(default_factory=dict)  # how many departures of the person

    def send(self) -> None:
        self.room = self.room._replace(version=self.room.version + 1)
        self.messages.append(self.room.version)

    def reset(self) -> None:
        """A message is deleted from the database, which cannot be sent as a change."""
        version = self.room.version + 1
        self.room = self.room._replace(version=version, reset_version=version)

    def leave(self, user_id: int) -> None:
        self.members.discard(user_id)
        self._members_changed()
        self.left_at[user_id] = self.room.version
        self.departures[user_id] += 1

    def add(self, user_id: int) -> None:
        self.members.add(user_id)
        self._members_changed()
        self.left_at.pop(user_id)

    def rename(self) -> None:
        self.versions = self.versions._replace(people_version=self.versions.people_version + 1)

    def sign_out(self, user_id: int) -> None:
        self.sessions.discard(str(user_id))
        self.versions = self.versions._replace(sessions_version=self.versions.sessions_version + 1)
        self.left_at[user_id] = self.room.version

    def restore_backup(self) -> None:
        self.versions = self.versions._replace(epoch="another")

    def _members_changed(self) -> None:
        version = self.room.version + 1
        self.room = self.room._replace(version=version, members_version=version)

    @property
    def cursor(self) -> Cursor:
        return Cursor(*self.versions[:2], self.room.version)

    # What replaces the functions of the same names.

    def read_versions(self, conversations: set[int], people: set[int]) -> Versions:
        rooms = {ROOM: self.room} if ROOM in conversations else {}
        Call.stop("read_versions: people")
        versions = dict.fromkeys(people, 0)
        Call.stop("read_versions: site")
        return Versions(rooms, versions, self.versions)

    def changes_since(
        self, room: int, since: int, versions: ConversationVersions, site: SiteVersions, language: str = ""
    ) -> Changes:
        Call.stop("changes_since")
        new = [version for version in self.messages if version > since]
        if not new:
            return Changes(versions, site)
        if len(new) > MAX_MESSAGES:
            return Changes(self.room, self.versions, None)
        return Changes(self.room, self.versions, "".join(f"message {one};" for one in new).encode())

    def members_among(self, room: int, user_ids: set[int]) -> set[int]:
        return self.members & user_ids

    def signed_out(self, visitors: set[Visitor]) -> set[Visitor]:
        return {one for one in visitors if one.session_key not in self.sessions}

    def site_versions(self) -> SiteVersions:
        Call.stop("admit: site")
        return self.versions

    def visitor_of(self, key: str, browser_language: str = "") -> Visitor | None:
        Call.stop("admit: session")
        return Visitor(key, int(key), "hash", 0) if key in self.sessions else None

    def versions_for(self, visitor: Visitor, room: int) -> tuple[ConversationVersions, SiteVersions]:
        Call.stop("admit: membership")
        if visitor.user_id not in self.members:
            raise Refused("no_member")
        self.admitted_after[visitor.user_id] = self.departures[visitor.user_id]
        return self.room, self.versions

    def unread_and_site(
        self, people: set[int], rooms: set[int], members: set[int], _known: dict[int, int]
    ) -> tuple[list[tuple[int, int, Unread]], dict[int, int], dict[int, Drafts], SiteVersions]:
        unread = Unread(0, 0, 0, 0, self.room.version, self.room.name, 0, None, 0, "all", "", 0, 0)
        rows = [(one, ROOM, unread) for one in sorted((people | members) & self.members)]
        return rows, {}, {}, self.versions
