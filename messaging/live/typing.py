"""Who is typing in a conversation, and in which of its threads. Kept in memory only, for a few seconds."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable

from messaging.live.sse_format import json_event

SHOWN_SECONDS = 6.0  # after the last signal; a page sends one about every 3 s
AGAIN_SECONDS = 2.0  # a signal that comes sooner after the last one is ignored

Thread = int | None


class Typists:
    """Who is typing in one conversation. `changed` is called when somebody's signal has expired."""

    def __init__(self, conversation_id: int, changed: Callable[[], None]) -> None:
        self._conversation_id = conversation_id
        self._changed = changed
        self._until: dict[Thread, dict[int, float]] = defaultdict(dict)
        self._changed_threads: set[Thread] = set()

    def start(self, thread: Thread, user_id: int) -> None:
        """A person is typing, or is still typing."""
        loop = asyncio.get_running_loop()
        now, people = loop.time(), self._until[thread]
        until = people.get(user_id)
        if until and until - now > SHOWN_SECONDS - AGAIN_SECONDS:
            return
        people[user_id] = now + SHOWN_SECONDS
        loop.call_later(SHOWN_SECONDS + 0.05, self._expire, thread, user_id)
        if until is None:
            self._changed_threads.add(thread)

    def stop(self, senders: Iterable[tuple[Thread, int | None]]) -> None:
        """These people have sent their message or emptied the field."""
        for thread, user_id in senders:
            if user_id and self._until[thread].pop(user_id, None):
                self._changed_threads.add(thread)

    def changes(self) -> bytes:
        """An event for each thread in which something changed since the last call."""
        threads, self._changed_threads = self._changed_threads, set()
        return b"".join(self._event(thread) for thread in threads)

    def full_events(self) -> bytes:
        """An event for each thread in which somebody is typing."""
        return b"".join(self._event(thread) for thread, people in self._until.items() if people)

    def _event(self, thread: Thread) -> bytes:
        people = sorted(self._until[thread])
        return json_event(
            "typing", {"conversation": self._conversation_id, "thread": thread, "people": people}
        )

    def _expire(self, thread: Thread, user_id: int) -> None:
        until = self._until[thread].get(user_id)
        if until and until <= asyncio.get_running_loop().time():
            del self._until[thread][user_id]
            self._changed_threads.add(thread)
            self._changed()
