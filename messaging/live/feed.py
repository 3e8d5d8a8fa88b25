"""What a process sends of a conversation: read and rendered once, the same bytes to all who have it open."""

import asyncio
import logging
from collections.abc import Callable

from messaging.live.changes import changes_between
from messaging.live.connection import Connection
from messaging.live.cursor import Cursor
from messaging.live.events import REMOVED
from messaging.live.numbers import Installed, Place
from messaging.live.readers import read
from messaging.live.rights import members_among
from messaging.live.typists import Typists

logger = logging.getLogger(__name__)


class Feed:
    """A conversation that is open somewhere. It goes from one set of numbers to the next."""

    def __init__(self, conversation_id: int, place: Place, installed: Installed, ask: Callable[[], None]):
        self.connections: set[Connection] = set()
        self.version = place.version
        self.members_version = place.members_version
        self.typists = Typists(conversation_id, ask)
        self._conversation_id = conversation_id
        self._installed = installed
        self._target = (place, installed)
        self._task: asyncio.Task[None] | None = None

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
        await self._drop_former_members(place.members_version)
        if self._lost_track(place, installed):
            self.reset()
        elif place.version > self.version and self.connections:
            until = Cursor(installed.epoch, installed.people_version, place.version)
            changes = await read(changes_between, self._conversation_id, self.version, until)
            if changes is None:
                self.reset()
            else:
                self._write(changes.payload, place.version)
                self.typists.said(changes.spoke)
        self.version, self._installed = place.version, installed
        self._write(self.typists.news())

    def _lost_track(self, place: Place, installed: Installed) -> bool:
        return (
            installed.epoch != self._installed.epoch
            or installed.people_version != self._installed.people_version
            or place.version < self.version
            or place.reset_version > self.version
        )

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
