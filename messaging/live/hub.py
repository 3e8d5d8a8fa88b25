"""All streams of one process: the hub looks what changed, on a wake-up or every two seconds.

Before anything is written to anybody, their rights are read: in each round the version numbers come first,
then sessions and members where theirs went up, then what changed.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar

from django.conf import settings

from messaging.live import shutdown, wakeups
from messaging.live.authorization import signed_out
from messaging.live.changes import Changes
from messaging.live.connection import Connection
from messaging.live.db_threads import read
from messaging.live.events import BEAT, SIGNED_OUT
from messaging.live.feed import Feed
from messaging.live.opening import Admission
from messaging.live.people import People
from messaging.live.presence import Presence
from messaging.live.redis_listener import RedisListener
from messaging.live.versions import Installed, Numbers, numbers_of
from messaging.live.wakeups import Wakeup

logger = logging.getLogger(__name__)

TICK_SECONDS = 2.0
BEAT_SECONDS = 15.0
GATHER_SECONDS = 0.2  # what concerns one person waits for what comes within this time


@dataclass
class Asked:
    """What was woken_by since the last round."""

    conversations: set[int] = field(default_factory=set)
    people: set[int] = field(default_factory=set)


class Hub:
    _hubs: ClassVar[dict[asyncio.AbstractEventLoop, "Hub"]] = {}

    def __init__(self) -> None:
        self.connections: set[Connection] = set()
        self.feeds: dict[int, Feed] = {}
        self.people = People(self._check)
        self.presence = Presence(self._presence_changed)
        self.is_closed = False
        self._installed: Installed | None = None
        self._checking = asyncio.Lock()
        self._asked = Asked()
        self._woken = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._loop = asyncio.get_running_loop()
        self._subscription = RedisListener(settings.REDIS_URL, self) if settings.REDIS_URL else None
        wakeups.listeners.add(self._woken_from_any_thread)
        shutdown.on_signal(self._loop, self.close)

    @classmethod
    def here(cls) -> "Hub":
        """That of the running loop, made on the first call."""
        loop = asyncio.get_running_loop()
        if loop not in cls._hubs:
            cls._hubs = {one: hub for one, hub in cls._hubs.items() if not one.is_closed()}
            cls._hubs[loop] = cls()
        return cls._hubs[loop]

    def is_behind(self, admission: Admission, conversation_id: int | None) -> bool:
        """Whether the others know more by now than what was found for the visitor."""
        ours, theirs = self._installed, admission.installed
        if ours and ours.epoch == theirs.epoch and ours.sessions_version > theirs.sessions_version:
            return True
        feed, found = self.feeds.get(conversation_id or 0), admission.changes
        if feed is None or found is None:
            return False
        return feed.version > found.place.version or feed.members_version > found.place.members_version

    def join(self, connection: Connection, admission: Admission, conversation_id: int | None) -> None:
        """Begin to write to a stream, from what its admission found on. Without a pause in between."""
        self.connections.add(connection)
        self._installed = self._installed or admission.installed
        if conversation_id and admission.changes:
            self._begin(connection, conversation_id, admission.changes)
        self.presence.came(connection.user_id)
        connection.write(self.presence.all(connection.visitor.sees))
        self.people.join(connection)
        if not self._tasks:
            self._tasks = [asyncio.ensure_future(one()) for one in (self._watch, self._beat)]

    def leave(self, connection: Connection) -> None:
        """Forget a stream, for whatever reason it ended."""
        if connection not in self.connections:
            return
        self.connections.discard(connection)
        for pk, feed in list(self.feeds.items()):
            feed.connections.discard(connection)
            if not feed.connections:
                del self.feeds[pk]
        self.people.leave(connection)
        self.presence.left(connection.user_id)
        if not self.connections:
            self._rest()

    def woken_by(self, wakeup: Wakeup) -> None:
        """Something changed: look."""
        self._asked.conversations |= wakeup.conversations
        self._asked.people |= wakeup.people
        if wakeup.people and not wakeup.conversations and not wakeup.installation:
            # Somebody read or was moved themselves: with a room full of readers that is most of what is said.
            self._loop.call_later(GATHER_SECONDS, self._wake)
            return
        if wakeup.typing:
            conversation_id, thread, user_id = wakeup.typing
            if feed := self.feeds.get(conversation_id):
                feed.typists.heard(thread, user_id)
                self._asked.conversations.add(conversation_id)
        self._wake()

    def close(self) -> None:
        """The server is about to end: so do all streams, whose pages come back with their cursors."""
        self.is_closed = True
        for connection in list(self.connections):
            connection.end()
            self.leave(connection)

    def _begin(self, connection: Connection, conversation_id: int, changes: Changes) -> None:
        if changes.payload is None:
            connection.reset()
            return
        connection.conversation_id, connection.version = conversation_id, changes.place.version
        feed = self.feeds.get(conversation_id)
        if feed is None:
            ask = partial(self.woken_by, Wakeup(frozenset([conversation_id])))
            feed = self.feeds[conversation_id] = Feed(conversation_id, changes, self._check, ask)
        feed.connections.add(connection)
        connection.write(changes.payload + feed.typists.all())

    def _woken_from_any_thread(self, wakeup: Wakeup) -> None:
        try:
            self._loop.call_soon_threadsafe(self.woken_by, wakeup)
        except RuntimeError:  # the loop has ended
            wakeups.listeners.discard(self._woken_from_any_thread)

    def _presence_changed(self) -> None:
        if self._subscription:
            self._subscription.say()
        self._wake()

    def _wake(self) -> None:
        self._woken.set()

    def _rest(self) -> None:
        """Nobody is here: nothing is asked until somebody comes."""
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        self._installed = None

    async def _watch(self) -> None:
        tick = self._loop.time() + TICK_SECONDS
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(tick):
                    await self._woken.wait()
            self._woken.clear()
            is_tick = self._loop.time() >= tick
            if is_tick:
                tick = self._loop.time() + TICK_SECONDS
            try:
                await self._round(is_tick)
            except Exception as error:
                logger.warning("What moved could not be read, the next tick asks again: %r", error)

    async def _round(self, is_tick: bool) -> None:
        asked, self._asked = self._asked, Asked()
        conversations = self.people.places | self.feeds.keys()
        people = set(self.people)
        if not is_tick:
            conversations &= asked.conversations
            people &= asked.people
        numbers = await read(numbers_of, conversations, people)
        await self._check(numbers.installed)
        self._tell(conversations, numbers)

    def _tell(self, conversations: set[int], numbers: Numbers) -> None:
        for pk in conversations & self.feeds.keys():
            if place := numbers.conversations.get(pk):
                self.feeds[pk].reach(place, numbers.installed)
            else:
                self.feeds[pk].remove_all()
        self.people.compare(conversations, numbers)
        news = self.presence.news()
        everybodys = news.told_to()
        if everybodys:
            for connection in list(self.connections):
                sees = connection.visitor.sees
                connection.write(everybodys if sees is None else news.told_to(sees))

    async def _check(self, installed: Installed) -> None:
        """Where the installation's numbers moved: end what may not be open any more, begin anew the rest.

        One at a time: who comes second must not go on to write before the first one's check is done.
        """
        async with self._checking:
            before = self._installed or installed
            if installed.epoch == before.epoch and installed <= before:
                return
            if installed.sessions_version != before.sessions_version or installed.epoch != before.epoch:
                await self._end_signed_out()
            self._installed = installed
        if installed[:2] != before[:2]:
            self.people.names_changed()
            self.woken_by(Wakeup(frozenset(self.feeds)))

    async def _end_signed_out(self) -> None:
        connections = list(self.connections)
        over = await read(signed_out, {connection.visitor for connection in connections})
        for connection in connections:
            if connection.visitor in over:
                connection.end(SIGNED_OUT)
                self.leave(connection)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            try:
                await self._end_signed_out()
            except Exception as error:
                logger.warning("What is asked at every beat could not be: %r", error)
            for connection in list(self.connections):
                connection.write(BEAT)
