"""What a process sends about one conversation: read and rendered once, the same bytes to all open streams."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from messaging.live.authorization import members_among
from messaging.live.connection import Connection
from messaging.live.db_threads import read
from messaging.live.payload import Changes, changes_since
from messaging.live.sse_format import REMOVED
from messaging.live.typing import Typists
from messaging.live.versions import ConversationVersions, SiteVersions

logger = logging.getLogger(__name__)


class Feed:
    """The streams of one conversation, which it brings from one version to the next.

    Args:
        conversation_id: which conversation.
        start: the changes that its first stream began with.
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
        self._conversation_id = conversation_id
        self._check_sessions = check_sessions
        self._target = (start.versions, start.site)
        self._task: asyncio.Task[None] | None = None

    @property
    def version(self) -> int:
        """The version up to which all changes have been sent."""
        return self._versions.version

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
                await self._advance(*reached)
        except Exception as error:
            # The next check by the hub tries again, from the same version.
            logger.warning("Conversation %s could not be read: %r", self._conversation_id, error)
        finally:
            self._task = None

    async def _advance(self, versions: ConversationVersions, site: SiteVersions) -> None:
        """Read the changes with their versions, check sessions and members at these versions, then send."""
        changes = self._at_least_current(Changes(versions, site))
        if changes.versions.version > self.version and self.connections:
            changes = await read(changes_since, self._conversation_id, self.version, versions, site)
            changes = self._at_least_current(changes)
            await self._check_sessions(changes.site)
        await self._drop_former_members(changes.versions.members_version)
        if changes.payload is None or self._needs_reset(changes):
            self.reset()
        else:
            self._write(changes.payload, changes.versions.version)
        self._versions, self._site = changes.versions, changes.site
        self.typists.stop(changes.senders)
        self._write(self.typists.changes())

    def _at_least_current(self, changes: Changes) -> Changes:
        """The changes, with no version lower than the current one.

        The two database threads may finish in another order than they started.
        """
        if changes.site.epoch != self._site.epoch:
            return changes
        versions = changes.versions if changes.versions.version > self.version else self._versions
        return replace(changes, versions=versions, site=max(changes.site, self._site))

    def _needs_reset(self, changes: Changes) -> bool:
        names_changed = changes.site[:2] != self._site[:2]  # epoch and people_version
        return names_changed or changes.versions.reset_version > self.version

    async def _drop_former_members(self, members_version: int) -> None:
        """End the streams of people who are no longer members, before anything newer is sent."""
        if members_version == self.members_version:
            return
        # Set before the query: a stream that joins meanwhile was authorized at these versions or newer ones.
        self.members_version = members_version
        user_ids = {connection.user_id for connection in self.connections}
        try:
            former = user_ids - await read(members_among, self._conversation_id, user_ids)
        except BaseException:
            self.members_version = -1
            raise
        for connection in [one for one in self.connections if one.user_id in former]:
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
