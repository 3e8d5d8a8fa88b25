"""All streams of one process. The hub checks what changed, after a wake-up and every two seconds.

Authorization always comes before writing. Each round reads the versions first, then the sessions and members
if their versions increased, then the changes, and only then writes to the streams.
"""

import asyncio
import logging
from contextlib import suppress
from typing import ClassVar

from django.conf import settings

from messaging.live import shutdown, wakeups
from messaging.live.authorization import signed_out
from messaging.live.connection import Connection
from messaging.live.db_threads import read
from messaging.live.feeds import Feeds
from messaging.live.looking import NOTED_EVERY, note_present
from messaging.live.opening import Admission
from messaging.live.people import People
from messaging.live.presence import Presence
from messaging.live.redis_listener import RedisListener
from messaging.live.sse_format import BEAT, SIGNED_OUT
from messaging.live.versions import SiteVersions, Versions, read_versions
from messaging.live.wakeups import Wakeup

logger = logging.getLogger(__name__)

TICK_SECONDS = 2.0
BEAT_SECONDS = 15.0
GATHER_SECONDS = 0.2  # wake-ups about single people are collected for this long


class Hub:
    by_loop: ClassVar[dict[asyncio.AbstractEventLoop, "Hub"]] = {}

    def __init__(self) -> None:
        self.connections: set[Connection] = set()
        self.feeds = Feeds(self._check_sessions, self.wake)
        self.people = People(self._check_sessions)
        self.presence = Presence(self._presence_changed)
        self.is_closed = False
        self._site: SiteVersions | None = None  # at which the sessions of all streams have been checked
        self._newest_site: SiteVersions | None = None  # at which they have been or are being checked
        self._check_lock = asyncio.Lock()
        self._pending = Wakeup()  # everything since the last round
        self._round_requested = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._loop = asyncio.get_running_loop()
        self._redis = RedisListener(settings.REDIS_URL, self) if settings.REDIS_URL else None
        wakeups.listeners.add(self._wake_threadsafe)
        shutdown.on_stop(self._loop, self.close)

    @classmethod
    def current(cls) -> "Hub":
        """The hub of the running event loop, created on the first call."""
        loop = asyncio.get_running_loop()
        if loop not in cls.by_loop:
            cls.by_loop = {one: hub for one, hub in cls.by_loop.items() if not one.is_closed()}
            cls.by_loop[loop] = cls()
        return cls.by_loop[loop]

    def is_stale(self, admission: Admission, conversation_id: int | None) -> bool:
        """Whether the hub already has newer versions than those at which the visitor was admitted.

        Then the open streams may already have been checked, or been sent a `reset`, for these versions. This
        one would miss it, so the visitor has to be admitted again.
        """
        ours, theirs = self._newest_site, admission.site
        if ours and (ours.epoch != theirs.epoch or ours > theirs):
            self._request_round()  # which finds a newer epoch
            return True
        changes = admission.changes
        return bool(conversation_id and changes and self.feeds.is_past(conversation_id, changes))

    def is_behind(self, admission: Admission, conversation_id: int | None) -> bool:
        """Whether more was sent since the visitor's changes were read than can be added to them."""
        changes = admission.changes
        return bool(conversation_id and changes and not self.feeds.can_catch_up(conversation_id, changes))

    def join(self, connection: Connection, admission: Admission, conversation_id: int | None) -> None:
        """Add a stream. It must not await anything: no change may come between admission and joining."""
        self.connections.add(connection)
        if self._site is None:
            self._set_site(admission.site)
        self._newest_site = self._newest_site or admission.site
        if conversation_id and admission.changes:
            self.feeds.join(connection, conversation_id, admission.changes)
        self.presence.connect(connection.user_id)
        connection.write(self.presence.full_event(connection.visitor.visible_ids))
        self.people.join(connection)
        if not self._tasks:
            tasks = (self._run_rounds, self._send_beats, self._note_present)
            self._tasks = [asyncio.ensure_future(one()) for one in tasks]

    def leave(self, connection: Connection) -> None:
        """Remove a stream that has ended for any reason."""
        if connection not in self.connections:
            return
        self.connections.discard(connection)
        self.feeds.leave(connection)
        self.people.leave(connection)
        self.presence.disconnect(connection.user_id)
        if not self.connections:
            self._stop_tasks()

    def wake(self, wakeup: Wakeup) -> None:
        """Check soon what changed."""
        self._pending |= wakeup
        self.feeds.start_stopwatches(wakeup.conversations)
        if wakeup.people and not wakeup.conversations and not wakeup.installation:
            # Somebody read a message, joined or left. In a busy room these are most of the wake-ups.
            self._loop.call_later(GATHER_SECONDS, self._request_round)
            return
        if wakeup.typing and self.feeds.note_typing(*wakeup.typing):
            self._pending |= Wakeup(frozenset([wakeup.typing[0]]))
        self._request_round()

    def close(self) -> None:
        """The server is about to stop: end all streams. Their pages reconnect with their cursors."""
        self.is_closed = True
        shutdown.end_streams(self._loop, list(self.connections), self._end)

    def _end(self, connection: Connection) -> None:
        connection.end()
        self.leave(connection)

    def _wake_threadsafe(self, wakeup: Wakeup) -> None:
        try:
            self._loop.call_soon_threadsafe(self.wake, wakeup)
        except RuntimeError:  # the loop has ended
            wakeups.listeners.discard(self._wake_threadsafe)

    def _presence_changed(self) -> None:
        if self._redis:
            self._redis.publish_presence()
        self._request_round()

    def _request_round(self) -> None:
        self._round_requested.set()

    def _stop_tasks(self) -> None:
        """Without open streams the hub queries nothing."""
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        self._site = self._newest_site = None

    async def _run_rounds(self) -> None:
        tick = self._loop.time() + TICK_SECONDS
        # A round that ended the last stream has cancelled itself, and `timeout_at` may swallow that.
        while self.connections:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(tick):
                    await self._round_requested.wait()
            self._round_requested.clear()
            is_tick = self._loop.time() >= tick
            if is_tick:
                tick = self._loop.time() + TICK_SECONDS
            try:
                await self._round(is_tick)
            except Exception as error:
                logger.warning("The versions could not be read, the next tick tries again: %r", error)

    async def _round(self, is_tick: bool) -> None:
        pending, self._pending = self._pending, Wakeup()
        conversations = self.people.conversations | self.feeds.conversations
        people = set(self.people)
        if not is_tick:
            conversations &= pending.conversations
            people &= pending.people
        versions = await read(read_versions, conversations, people)
        await self._check_sessions(versions.site)
        self._distribute(conversations, versions)

    def _distribute(self, conversations: set[int], versions: Versions) -> None:
        self.feeds.advance(conversations, versions)
        self.people.compare(conversations, versions)
        change = self.presence.changes()
        full_event = change.event()
        if full_event:
            for connection in list(self.connections):
                visible_ids = connection.visitor.visible_ids
                connection.write(full_event if visible_ids is None else change.event(visible_ids))

    async def _check_sessions(self, site: SiteVersions) -> None:
        """If the versions of the site increased: end signed-out streams, and announce changed names.

        One call at a time: a second caller must not write before the check of the first one is done.
        """
        async with self._check_lock:
            before = self._site or site
            if site.epoch == before.epoch and site <= before:
                return
            # Before the query: a stream that joins meanwhile is not among those that are checked.
            self._newest_site = site
            if site.sessions_version != before.sessions_version or site.epoch != before.epoch:
                await self._end_signed_out()
            if not self.connections:
                return  # those were all, and nothing is known without streams (`_stop_tasks`)
            self._set_site(site)
        if site.names != before.names:
            self.people.names_changed()
            self.wake(Wakeup(frozenset(self.feeds.conversations)))

    def _set_site(self, site: SiteVersions) -> None:
        self._site = site
        self.people.names = site.names

    async def _end_signed_out(self) -> None:
        connections = list(self.connections)
        over = await read(signed_out, {connection.visitor for connection in connections})
        for connection in connections:
            if connection.visitor in over:
                connection.end(SIGNED_OUT)
                self.leave(connection)

    async def _note_present(self) -> None:
        while True:
            try:
                await note_present({one.user_id for one in self.connections if one.is_visible})
            except Exception as error:
                logger.warning("Who looks at a page could not be stored: %r", error)
            await asyncio.sleep(NOTED_EVERY)

    async def _send_beats(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            try:
                await self._end_signed_out()
            except Exception as error:
                logger.warning("The checks before a beat failed: %r", error)
            for connection in list(self.connections):
                connection.write(BEAT)
                if connection.is_over:  # writing failed, and the server has not said that the browser is gone
                    self.leave(connection)
