"""The feeds of the conversations that are open in this process."""

from collections.abc import Awaitable, Callable
from collections.abc import Set as AbstractSet
from functools import partial

from messaging.live.connection import Connection
from messaging.live.feed import Feed
from messaging.live.payload import Changes
from messaging.live.versions import SiteVersions, Versions
from messaging.live.wakeups import Wakeup


class Feeds(dict[tuple[int, str], Feed]):
    """The feeds by their conversations and languages. One is there as long as it has streams.

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

    @property
    def conversations(self) -> set[int]:
        return {pk for pk, _language in self}

    def of(self, conversations: AbstractSet[int]) -> list[tuple[int, Feed]]:
        """The feeds of these conversations, in all languages, each with its conversation."""
        return [(pk, feed) for (pk, _language), feed in self.items() if pk in conversations]

    def is_past(self, conversation_id: int, changes: Changes) -> bool:
        """Whether a feed has checked its members at newer versions than those of these changes."""
        return any(feed.is_past(changes) for _pk, feed in self.of({conversation_id}))

    def can_catch_up(self, conversation_id: int, changes: Changes) -> bool:
        """Whether what was sent since these changes were read can be added to them."""
        feed = self.get((conversation_id, changes.language))
        return feed is None or feed.can_catch_up(changes)

    def join(self, connection: Connection, conversation_id: int, changes: Changes) -> None:
        """Add a stream. Its page loads its messages again if these changes cannot be continued."""
        if changes.payload is None or not self.can_catch_up(conversation_id, changes):
            connection.reset()
            return
        key = conversation_id, changes.language
        if key not in self:
            wake = partial(self._wake, Wakeup(frozenset([conversation_id])))
            self[key] = Feed(conversation_id, changes, self._check_sessions, wake)
        self[key].join(connection, changes)

    def leave(self, connection: Connection) -> None:
        """Remove a stream, wherever it is."""
        for key, feed in list(self.items()):
            feed.connections.discard(connection)
            if not feed.connections:
                del self[key]

    def start_stopwatches(self, conversations: frozenset[int]) -> None:
        """Measure from now on how long these conversations take until their changes are sent."""
        for _pk, feed in self.of(conversations):
            feed.stopwatch.start()

    def advance(self, conversations: set[int], versions: Versions) -> None:
        """Send what changed in these conversations; one that is missing in `versions` was deleted."""
        for pk, feed in self.of(conversations):
            if found := versions.conversations.get(pk):
                feed.advance_to(found, versions.site)
            else:
                feed.remove_all()

    def note_typing(self, conversation: int, thread: int | None, user_id: int, is_typing: bool) -> bool:
        """Somebody types, or has stopped. Returns whether anybody has the conversation open."""
        feeds = self.of({conversation})
        for _pk, feed in feeds:
            if is_typing:
                feed.typists.start(thread, user_id)
            else:
                feed.typists.stop([(thread, user_id)])
        return bool(feeds)
