"""The people who have pages open in this process: their streams, and what their own frames show.

The process remembers where each of them is, so that a message in a room pokes the room and nobody in it:
whose badges it moves is known here. Badges are counted anew from the unread rows, never added up.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field

from messaging.live.connection import Connection
from messaging.live.db_threads import read
from messaging.live.events import json_event
from messaging.live.unread import Unread, unread_of
from messaging.live.versions import Installed, Numbers, installed
from messaging.models.people.preferences import TitleCount

logger = logging.getLogger(__name__)

STREAMS_EACH = 5  # on HTTP/1.1 a browser has six connections, and one must be left to send with
PAUSE_SECONDS = 0.5  # between two counts: 20 messages a second are 2 counts
RETRY_SECONDS = 2.0


@dataclass
class Person:
    version: int
    connections: dict[Connection, None] = field(default_factory=dict)  # the oldest first
    unread: dict[int, Unread] = field(default_factory=dict)
    is_known: bool = False

    def write(self, data: bytes) -> None:
        for connection in list(self.connections):
            connection.write(data)

    def badges(self) -> bytes:
        """Only what is not read: a conversation that is not named has no badge."""
        conversations = {pk: one.unread for pk, one in self.unread.items() if one.unread}
        totals = {
            "unread": sum(one.unread for one in self.unread.values()),
            "replies": sum(one.replies for one in self.unread.values()),
            "personal": sum(one.personal for one in self.unread.values()),
        }
        is_personal = any(one.title_count == TitleCount.PERSONAL for one in self.unread.values())
        totals["title_count"] = totals["personal" if is_personal else "unread"]
        return json_event("badges", {"conversations": conversations, **totals})

    def places(self, renamed: bool = False) -> bytes:
        return json_event("places", {"conversations": sorted(self.unread), "renamed": renamed})

    def learn(self, unread: dict[int, Unread]) -> None:
        """Tell what is different now in the sidebar and its badges."""
        before, badges_before = self.unread, self.badges()
        self.unread = unread
        if not self.is_known:
            self.is_known = True
            self.write(self.places() + self.badges())
            return
        shown = {pk: (one.name, one.is_starred, one.others) for pk, one in unread.items()}
        shown_before = {pk: (one.name, one.is_starred, one.others) for pk, one in before.items()}
        if shown != shown_before:
            self.write(self.places(renamed=shown.keys() == shown_before.keys()))
        if (badges := self.badges()) != badges_before:
            self.write(badges)


class People:
    """`check` is awaited with the installation's numbers before what was counted is written to anybody."""

    def __init__(self, check: Callable[[Installed], Awaitable[None]]) -> None:
        self._check = check
        self._here: dict[int, Person] = {}
        self._members: dict[int, set[int]] = defaultdict(set)  # by conversation, of those who are here
        self._versions: dict[int, int] = {}  # of those conversations, as last counted or about to be
        self._moved: set[int] = set()
        self._moved_places: set[int] = set()
        self._counting: asyncio.Task[None] | None = None

    def __iter__(self) -> Iterator[int]:
        return iter(self._here)

    @property
    def places(self) -> set[int]:
        """The conversations that anybody here is in."""
        return set(self._versions)

    def join(self, connection: Connection) -> None:
        """The sixth stream of a person ends their first: a laptop that slept has left dead ones behind."""
        visitor = connection.visitor
        person = self._here.setdefault(visitor.user_id, Person(visitor.version))
        while len(person.connections) >= STREAMS_EACH:
            oldest = next(iter(person.connections))
            del person.connections[oldest]
            oldest.replace()
        person.connections[connection] = None
        if person.is_known:
            connection.write(person.places() + person.badges())
        else:
            self._count([visitor.user_id])

    def leave(self, connection: Connection) -> bool:
        """Whether that was the person's last one."""
        person = self._here.get(connection.user_id)
        if person is None or person.connections.pop(connection, 0) is not None:
            return False
        if person.connections:
            return False
        del self._here[connection.user_id]
        self._place(connection.user_id, person.unread, {})
        return True

    def names_changed(self) -> None:
        for person in self._here.values():
            if person.is_known:
                person.write(person.places(renamed=True))

    def compare(self, asked: set[int], numbers: Numbers) -> None:
        """Count anew what moved, of the conversations that were asked about."""
        places = set()
        for pk in asked & self._versions.keys():
            place = numbers.conversations.get(pk)
            if place is None:  # gone, and everyone's place in it
                self._moved |= self._members[pk]
            elif place.version != self._versions[pk]:
                self._versions[pk] = place.version
                places.add(pk)
        people = set()
        for user_id, version in numbers.people.items():
            person = self._here.get(user_id)
            if person and person.version != version:
                person.version = version
                people.add(user_id)
        self._count(people, places)

    def _count(self, people: Iterable[int] = (), places: Iterable[int] = ()) -> None:
        self._moved.update(people)
        self._moved_places.update(places)
        if self._counting is None and (self._moved or self._moved_places):
            self._counting = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        try:
            while self._moved or self._moved_places:
                people, self._moved = self._moved & self._here.keys(), set()
                places, self._moved_places = self._moved_places, set()
                try:
                    await self._ask(people, places)
                    await asyncio.sleep(PAUSE_SECONDS)
                except Exception as error:
                    logger.warning("Badges could not be counted: %r", error)
                    self._moved |= people
                    self._moved_places |= places
                    await asyncio.sleep(RETRY_SECONDS)
        finally:
            self._counting = None

    async def _ask(self, people: set[int], places: set[int]) -> None:
        readers: set[int] = set().union(*(self._members.get(pk, ()) for pk in places)) - people
        found: dict[int, dict[int, Unread]] = {user_id: {} for user_id in people}
        rows, installed = await read(_counted, people, places, readers)
        await self._check(installed)
        for user_id, pk, unread in rows:
            found.setdefault(user_id, {})[pk] = unread
        for user_id, here in found.items():
            if person := self._here.get(user_id):
                now = here if user_id in people else person.unread | here
                self._place(user_id, person.unread, now)
                person.learn(now)

    def _place(self, user_id: int, before: dict[int, Unread], now: dict[int, Unread]) -> None:
        """Remember who is where, for what is watched."""
        for pk in before.keys() - now.keys():
            self._members[pk].discard(user_id)
            if not self._members[pk]:
                del self._members[pk]
                self._versions.pop(pk, None)
        for pk in now.keys() - before.keys():
            self._members[pk].add(user_id)
            self._versions.setdefault(pk, now[pk].version)


def _counted(
    people: set[int], places: set[int], readers: set[int]
) -> tuple[list[tuple[int, int, Unread]], Installed]:
    return unread_of(people, places, readers), installed()
