"""What a process sends of a conversation: read and rendered once, the same bytes to all who have it open."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from messaging.live.authorization import members_among
from messaging.live.changes import Changes, changes_since
from messaging.live.connection import Connection
from messaging.live.db_threads import read
from messaging.live.events import REMOVED
from messaging.live.typing import Typists
from messaging.live.versions import Installed, Place

logger = logging.getLogger(__name__)


class Feed:
    """A conversation that is open somewhere. It goes from one set of numbers to the next.

    `check` is awaited with the installation's numbers before what was read with them is written; `ask` is
    called when there is something to write that moved no number.
    """

    def __init__(
        self,
        conversation_id: int,
        begins: Changes,
        check: Callable[[Installed], Awaitable[None]],
        ask: Callable[[], None],
    ) -> None:
        self.connections: set[Connection] = set()
        self._place, self._installed = begins.place, begins.installed
        self.members_version = begins.place.members_version
        self.typists = Typists(conversation_id, ask)
        self._conversation_id = conversation_id
        self._check = check
        self._target = (begins.place, begins.installed)
        self._task: asyncio.Task[None] | None = None

    @property
    def version(self) -> int:
        """Up to which everything was written."""
        return self._place.version

    def reach(self, place: Place, installed: Installed) -> None:
        """Bring all readers to these numbers, whose sessions were checked."""
        self._target = (place, installed)
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())

    def reset(self) -> None:
        """Everyone has to load the page anew, since no list of changes would lead there."""
        for connection in list(self.connections):
            connection.reset()
        self.connections.clear()

    def remove_all(self) -> None:
        """The conversation is gone."""
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
            # The next tick asks again, from the same version.
            logger.warning("Conversation %s could not be read: %r", self._conversation_id, error)
        finally:
            self._task = None

    async def _advance(self, place: Place, installed: Installed) -> None:
        """What changed is read first, with its numbers; then the rights as of these; then it is written."""
        changes = self._not_before(Changes(place, installed))
        if changes.place.version > self.version and self.connections:
            changes = await read(changes_since, self._conversation_id, self.version, place, installed)
            changes = self._not_before(changes)
            await self._check(changes.installed)
        await self._drop_former_members(changes.place.members_version)
        if changes.payload is None or self._lost_track(changes):
            self.reset()
        else:
            self._write(changes.payload, changes.place.version)
        self._place, self._installed = changes.place, changes.installed
        self.typists.said(changes.spoke)
        self._write(self.typists.news())

    def _not_before(self, changes: Changes) -> Changes:
        """The same with no number older than we are: the other thread may have read them earlier."""
        if changes.installed.epoch != self._installed.epoch:
            return changes
        place = changes.place if changes.place.version > self.version else self._place
        return replace(changes, place=place, installed=max(changes.installed, self._installed))

    def _lost_track(self, changes: Changes) -> bool:
        is_other = changes.installed[:2] != self._installed[:2]
        return is_other or changes.place.reset_version > self.version

    async def _drop_former_members(self, members_version: int) -> None:
        """Before a byte is written: who is no member of this version gets nothing that came after it."""
        if members_version == self.members_version:
            return
        # Set first: who comes while this is asked was let in under these numbers or newer ones.
        self.members_version = members_version
        asked = {connection.user_id for connection in self.connections}
        try:
            former = asked - await read(members_among, self._conversation_id, asked)
        except BaseException:
            self.members_version = -1
            raise
        for connection in [one for one in self.connections if one.user_id in former]:
            self.connections.discard(connection)
            connection.end(REMOVED)

    def _write(self, data: bytes, version: int | None = None) -> None:
        """To all that are not there yet: who came meanwhile may be."""
        for connection in list(self.connections):
            if connection.conversation_id is None or connection.is_over:
                self.connections.discard(connection)
            elif version is None:
                connection.write(data)
            elif connection.version < version:
                connection.version = version
                connection.write(data)
