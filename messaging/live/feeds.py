"""The feeds of the conversations that are open in this process."""

from collections.abc import Awaitable, Callable
from functools import partial

from messaging.live.connection import Connection
from messaging.live.feed import Feed
from messaging.live.payload import Changes
from messaging.live.versions import SiteVersions, Versions
from messaging.live.wakeups import Wakeup


class Feeds(dict[int, Feed]):
    """The feeds by their conversations. One is there as long as it has streams.

    Args:
        check_sessions: is awaited with the versions of the site before anything that was read with them is
            sent.
        wake: is called when a feed has something to send that changed no version.
    """

    def __init__(
        self, check_sessions: Callable[[SiteVersions], Awaitable[None]], wake: Callable[[Wakeup], None]
    ) -> None:
        super().__init__()
        self._check_sessions = check_sessions
        self._wake = wake

    def is_past(self, conversation_id: int, changes: Changes) -> bool:
        """Whether the feed has checked its members at newer versions than those of these changes."""
        return conversation_id in self and self[conversation_id].is_past(changes)

    def can_catch_up(self, conversation_id: int, changes: Changes) -> bool:
        """Whether what was sent since these changes were read can be added to them."""
        return conversation_id not in self or self[conversation_id].can_catch_up(changes)

    def join(self, connection: Connection, conversation_id: int, changes: Changes) -> None:
        """Add a stream. Its page loads its messages again if these changes cannot be continued."""
        if changes.payload is None or not self.can_catch_up(conversation_id, changes):
            connection.reset()
            return
        if conversation_id not in self:
            wake = partial(self._wake, Wakeup(frozenset([conversation_id])))
            self[conversation_id] = Feed(conversation_id, changes, self._check_sessions, wake)
        self[conversation_id].join(connection, changes)

    def leave(self, connection: Connection) -> None:
        """Remove a stream, wherever it is."""
        for pk, feed in list(self.items()):
            feed.connections.discard(connection)
            if not feed.connections:
                del self[pk]

    def start_stopwatches(self, conversations: frozenset[int]) -> None:
        """Measure from now on how long these conversations take until their changes are sent."""
        for pk in conversations & self.keys():
            self[pk].stopwatch.start()

    def advance(self, conversations: set[int], versions: Versions) -> None:
        """Send what changed in these conversations; one that is missing in `versions` was deleted."""
        for pk in conversations & self.keys():
            if found := versions.conversations.get(pk):
                self[pk].advance_to(found, versions.site)
            else:
                self[pk].remove_all()
