"""Who has a page open, in this process and in the others. Kept in memory only."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection
from typing import NamedTuple

from messaging.live.sse_format import json_event

LINGER_SECONDS = 5.0  # a person who loads another page has no stream for a moment
EXPIRY_SECONDS = 12.0  # of a report from another process, which is repeated every few seconds
VisibleIds = frozenset[int] | None  # `Visitor.visible_ids`


class PresenceChange(NamedTuple):
    """The ids of the people who came online and who went offline."""

    came: set[int]
    left: set[int]

    def event(self, visible_ids: VisibleIds = None) -> bytes:
        """The event for a visitor; empty if it concerns nobody whom the visitor may see."""
        came, left = _visible(self.came, visible_ids), _visible(self.left, visible_ids)
        return json_event("presence", {"came": came, "left": left}) if came or left else b""


class Presence:
    """`changed` is called when the set of people who are online in this process has changed.

    After that, `changes()` returns the difference, to be sent to all pages.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._streams: Counter[int] = Counter()  # by person, of this process
        self._other_processes: dict[str, tuple[set[int], float]] = {}  # the people, and until when it holds
        self._published: set[int] = set()

    @property
    def local(self) -> set[int]:
        """Who is online in this process."""
        return set(self._streams)

    def online(self) -> set[int]:
        """Who is online in any process."""
        now = asyncio.get_running_loop().time()
        self._other_processes = {
            process: report for process, report in self._other_processes.items() if report[1] > now
        }
        return self.online_at(now)

    def online_at(self, now: float) -> set[int]:
        """Who is online in any process. It changes nothing, so any thread may call it.

        Args:
            now: the time of the hub's event loop.
        """
        reports = list(self._other_processes.values())
        return self.local.union(*(people for people, until in reports if until > now))

    def connect(self, user_id: int) -> None:
        self._streams[user_id] += 1
        if self._streams[user_id] == 1:
            self._changed()

    def disconnect(self, user_id: int) -> None:
        asyncio.get_running_loop().call_later(LINGER_SECONDS, self._remove_stream, user_id)

    def update_process(self, process: str, people: Collection[int]) -> bool:
        """Store who is online in another process. Returns whether that process is new."""
        is_new = process not in self._other_processes
        until = asyncio.get_running_loop().time() + EXPIRY_SECONDS
        self._other_processes[process] = (set(people), until)
        return is_new

    def full_event(self, visible_ids: VisibleIds = None) -> bytes:
        """The event with which a stream begins: everybody who is online."""
        return json_event("online", _visible(self._published | self.online(), visible_ids))

    def changes(self) -> PresenceChange:
        """Who came and who left since the last call."""
        before, self._published = self._published, self.online()
        return PresenceChange(self._published - before, before - self._published)

    def _remove_stream(self, user_id: int) -> None:
        self._streams[user_id] -= 1
        if not self._streams[user_id]:
            del self._streams[user_id]
            self._changed()


def _visible(people: set[int], visible_ids: VisibleIds) -> list[int]:
    return sorted(people if visible_ids is None else people & visible_ids)
