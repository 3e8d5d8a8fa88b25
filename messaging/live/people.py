"""The people who have pages open in this process, and what is counted for them.

The process remembers who is in which conversation, so a message needs one wake-up, and none for each member.
Badges are always counted again from the unread rows, never added up.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator

from messaging.live.connection import Connection
from messaging.live.db_threads import read
from messaging.live.person import Person
from messaging.live.unread import NO_DRAFTS, Drafts, Unread, changed_drafts, reminders_of, unread_of
from messaging.live.versions import SiteVersions, Versions, site_versions

logger = logging.getLogger(__name__)

# On HTTP/1.1 a browser opens six connections to a server at most, and needs one of them for its requests.
MAX_STREAMS = 5
PAUSE_SECONDS, RETRY_SECONDS = 0.5, 2.0  # between two counts: 20 messages in a second cause 2 counts


class People:
    """Everybody with open streams in this process.

    `check_sessions` is awaited with the versions of the site before any new count is sent. `names` is the
    version of everybody's names (`SiteVersions.names`), kept up to date by the hub: a page whose sidebar has
    an older one loads it again.
    """

    names = ""

    def __init__(self, check_sessions: Callable[[SiteVersions], Awaitable[None]]) -> None:
        self._check_sessions = check_sessions
        self._people: dict[int, Person] = {}
        self._members: dict[int, set[int]] = defaultdict(set)  # by conversation, of the people here
        self._versions: dict[int, int] = {}  # of these conversations, as last counted or about to be counted
        self._changed_people: set[int] = set()
        self._changed_conversations: set[int] = set()
        self._counting: asyncio.Task[None] | None = None

    def __iter__(self) -> Iterator[int]:
        return iter(self._people)

    @property
    def conversations(self) -> set[int]:
        """The conversations that anybody here is a member of."""
        return set(self._versions)

    def join(self, connection: Connection) -> None:
        """Add a stream. A sixth stream ends the person's oldest one.

        A laptop that slept leaves dead streams behind, which must not keep its person out.
        """
        person = self._people.setdefault(connection.user_id, Person(connection.visitor.version))
        while len(person.connections) >= MAX_STREAMS:
            oldest = next(iter(person.connections))
            del person.connections[oldest]
            oldest.replace()
        person.connections[connection] = None
        if person.is_counted:
            connection.write(person.sidebar(self.names) + person.badges + person.drafts)
        else:
            self._count([connection.user_id])

    def leave(self, connection: Connection) -> bool:
        """Remove a stream. Returns whether it was the person's last one."""
        person = self._people.get(connection.user_id)
        if person is None or person.connections.pop(connection, 0) is not None or person.connections:
            return False
        del self._people[connection.user_id]
        self._update_members(connection.user_id, person.unread, {})
        return True

    def names_changed(self) -> None:
        """Make all pages load sidebars and lists again; those of people not yet counted do when they are."""
        for person in self._people.values():
            if person.is_counted:
                person.write(person.sidebar(self.names))
                person.write_badges()

    def compare(self, conversation_ids: set[int], versions: Versions) -> None:
        """Count again for everybody and everything whose version changed.

        Args:
            conversation_ids: the conversations whose versions were read; one that is missing in `versions`
                was deleted.
            versions: the versions that were found.
        """
        conversations = set()
        for pk in conversation_ids & self._versions.keys():
            found = versions.conversations.get(pk)
            if found is None:
                self._changed_people |= self._members[pk]
            elif found.version != self._versions[pk]:
                self._versions[pk] = found.version
                conversations.add(pk)
        people = set()
        for user_id, version in versions.people.items():
            person = self._people.get(user_id)
            if person and person.version != version:
                person.version = version
                people.add(user_id)
        self._count(people, conversations)

    def _count(self, people: Iterable[int] = (), conversations: Iterable[int] = ()) -> None:
        self._changed_people.update(people)
        self._changed_conversations.update(conversations)
        if self._counting is None and (self._changed_people or self._changed_conversations):
            self._counting = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        try:
            while self._changed_people or self._changed_conversations:
                people, self._changed_people = self._changed_people & self._people.keys(), set()
                conversations, self._changed_conversations = self._changed_conversations, set()
                try:
                    await self._count_now(people, conversations)
                    await asyncio.sleep(PAUSE_SECONDS)
                except Exception as error:
                    logger.warning("Badges could not be counted: %r", error)
                    self._changed_people |= people
                    self._changed_conversations |= conversations
                    await asyncio.sleep(RETRY_SECONDS)
        finally:
            self._counting = None

    async def _count_now(self, people: set[int], conversations: set[int]) -> None:
        members: set[int] = set().union(*(self._members.get(pk, ()) for pk in conversations)) - people
        found: dict[int, dict[int, Unread]] = {user_id: {} for user_id in people}
        known = {pk: one.drafts_version for pk in people | members if (one := self._people.get(pk))}
        rows, reminders, drafts, site = await read(_unread_and_site, people, conversations, members, known)
        await self._check_sessions(site)
        for user_id, pk, unread in rows:
            found.setdefault(user_id, {})[pk] = unread
        for user_id, counted in found.items():
            if person := self._people.get(user_id):
                now = counted if user_id in people else person.unread | counted
                self._update_members(user_id, person.unread, now)
                person.reminders = reminders.get(user_id, person.reminders)
                person.update(now, self.names)
                person.update_drafts(drafts.get(user_id, NO_DRAFTS))

    def _update_members(self, user_id: int, before: dict[int, Unread], now: dict[int, Unread]) -> None:
        """Remember which conversations the person is in, to know which versions to read."""
        for pk in before.keys() - now.keys():
            self._members[pk].discard(user_id)
            if not self._members[pk]:
                del self._members[pk]
                self._versions.pop(pk, None)
        for pk in now.keys() - before.keys():
            self._members[pk].add(user_id)
            self._versions.setdefault(pk, now[pk].version)


def _unread_and_site(
    people: set[int], conversations: set[int], members: set[int], known: dict[int, int]
) -> tuple[list[tuple[int, int, Unread]], dict[int, int], dict[int, Drafts], SiteVersions]:
    rows = unread_of(people, conversations, members)
    return rows, reminders_of(people), changed_drafts(rows, known), site_versions()
