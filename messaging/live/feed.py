"""What a process sends about one conversation in one language: read and rendered once, the same bytes to all
open streams."""

import asyncio
import logging
from asyncio import sleep
from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import thread_time

from messaging.live.authorization import members_among
from messaging.live.connection import Connection
from messaging.live.db_threads import read
from messaging.live.payload import Changes, changes_since
from messaging.live.recent import Recent
from messaging.live.sse_format import REMOVED
from messaging.live.timing import Stopwatch
from messaging.live.typing import Typists
from messaging.live.versions import ConversationVersions, SiteVersions

logger = logging.getLogger(__name__)

LONG_SECONDS = 0.005  # of processor time, for writing to all streams; less is not worth a pause


class Feed:
    """The streams of one conversation in one language, which it brings from one version to the next.

    Args:
        conversation_id: which conversation.
        start: the changes that its first stream began with; they carry the language.
        check_sessions: is awaited with the versions of the site before anything that was read with them is
            sent.
        request_round: is called when there is something to send that changed no version.
    """

    def __init__(
        self,
        conversation_id: int,
        start: Changes,
        check_sessions: Callable[[SiteVersions], Awaitable[None]],
        request_round: Callable[[], None],
    ) -> None:
        self.connections: set[Connection] = set()
        self._versions, self._site = start.versions, start.site
        self.members_version = start.versions.members_version
        self.typists = Typists(conversation_id, request_round)
        self._conversation_id, self._language = conversation_id, start.language
        self._check_sessions = check_sessions
        self._target = (start.versions, start.site)
        self._task: asyncio.Task[None] | None = None
        self._recent = Recent(self.version)
        self.stopwatch = Stopwatch()

    @property
    def version(self) -> int:
        """The version up to which all changes have been sent."""
        return self._versions.version

    def is_past(self, changes: Changes) -> bool:
        """Whether the epoch is another one, or members were checked at a newer version than this."""
        is_other_epoch = self._site.epoch != changes.site.epoch
        return is_other_epoch or self.members_version > changes.versions.members_version

    def can_catch_up(self, changes: Changes) -> bool:
        """Whether what was sent since these changes were read can be added to them."""
        return self._recent.has_since(changes.versions.version)

    def join(self, connection: Connection, changes: Changes) -> None:
        """Add the stream of somebody who was admitted with these changes. It must be able to catch up."""
        version = changes.versions.version
        connection.conversation_id, connection.version = self._conversation_id, max(version, self.version)
        self.connections.add(connection)
        connection.write((changes.payload or b"") + self._recent.since(version) + self.typists.full_events())

    def advance_to(self, versions: ConversationVersions, site: SiteVersions) -> None:
        """Send all changes up to these versions. The sessions must have been checked at `site`."""
        self._target = (versions, site)
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())

    def reset(self) -> None:
        """Make all pages load their messages again: the missed changes cannot be sent one by one."""
        for connection in list(self.connections):
            connection.reset()
        self.connections.clear()

    def remove_all(self) -> None:
        """End all streams, because the conversation was removed."""
        for connection in list(self.connections):
            connection.end(REMOVED)
        self.connections.clear()

    async def _run(self) -> None:
        try:
            reached = None
            while reached != self._target:
                reached = self._target
                took = await self._advance(*reached)
                # While many streams were written, nothing else ran. What is committed in as long a pause is
                # sent in one write to each stream.
                if took > LONG_SECONDS:
                    await sleep(took)
        except Exception as error:
            # The next check by the hub tries again, from the same version.
            logger.warning("Conversation %s could not be read: %r", self._conversation_id, error)
        finally:
            self._task = None

    async def _advance(self, versions: ConversationVersions, site: SiteVersions) -> float:
        """Read the changes with their versions, check sessions and members at these versions, then send.

        Returns:
            how many seconds of processor time the writing took.
        """
        changes = self._at_least_current(Changes(versions, site))
        # Even without any stream: one that joins before these changes are sent needs them.
        if changes.versions.version > self.version:
            where = self._conversation_id, self.version, versions, site, self._language
            changes = await read(changes_since, *where)
            changes = self._at_least_current(changes)
            await self._check_sessions(changes.site)
        await self._drop_former_members(changes.versions.members_version)
        start = thread_time()
        if changes.payload is None or self._needs_reset(changes):
            self.reset()
            self._recent.begin_at(changes.versions.version)
        else:
            self._write(changes.payload, changes.versions.version)
            self._recent.add(changes.versions.version, changes.payload)
        self.stopwatch.stop()
        self._versions, self._site = changes.versions, changes.site
        self.typists.stop(changes.senders)
        self._write(self.typists.changes())
        return thread_time() - start

    def _at_least_current(self, changes: Changes) -> Changes:
        """The changes, with no version lower than the current one.

        The two database threads may finish in another order than they started.
        """
        if changes.site.epoch != self._site.epoch:
            return changes
        versions = changes.versions if changes.versions.version > self.version else self._versions
        return replace(changes, versions=versions, site=max(changes.site, self._site))

    def _needs_reset(self, changes: Changes) -> bool:
        names_changed = changes.site.names != self._site.names
        return names_changed or changes.versions.reset_version > self.version

    async def _drop_former_members(self, members_version: int) -> None:
        """End the streams of people who are no longer members, before anything newer is sent."""
        if members_version == self.members_version:
            return
        # Set before the query: a stream that joins meanwhile was authorized at these versions or newer ones.
        # So it is not among those that are checked: its person may have been added again after the query.
        self.members_version = members_version
        connections = list(self.connections)
        user_ids = {connection.user_id for connection in connections}
        try:
            former = user_ids - await read(members_among, self._conversation_id, user_ids)
        except BaseException:
            self.members_version = -1
            raise
        for connection in connections:
            if connection.user_id in former:
                self.connections.discard(connection)
                connection.end(REMOVED)

    def _write(self, data: bytes, version: int | None = None) -> None:
        """Send to all streams; with a version, only to those that have not reached it."""
        for connection in list(self.connections):
            if connection.conversation_id is None or connection.is_over:
                self.connections.discard(connection)
            elif version is None:
                connection.write(data)
            elif connection.version < version:
                connection.version = version
                connection.write(data)
