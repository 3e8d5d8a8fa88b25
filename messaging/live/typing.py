"""Who is typing in a conversation, and in which of its threads. It is in no database, and forgotten soon."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable

from messaging.live.events import json_event

SHOWN_SECONDS = 6.0  # after the last sign of it; a page sends one every 3 s or so
AGAIN_SECONDS = 2.0  # a sign that comes sooner is passed over: nobody types so fast that it has to be told

Thread = int | None


class Typists:
    """Those of one conversation. `changed` is called when what they are told to others has changed."""

    def __init__(self, conversation_id: int, changed: Callable[[], None]) -> None:
        self._conversation_id = conversation_id
        self._changed = changed
        self._until: dict[Thread, dict[int, float]] = defaultdict(dict)
        self._news: set[Thread] = set()

    def heard(self, thread: Thread, user_id: int) -> None:
        loop = asyncio.get_running_loop()
        now, people = loop.time(), self._until[thread]
        until = people.get(user_id)
        if until and until - now > SHOWN_SECONDS - AGAIN_SECONDS:
            return
        people[user_id] = now + SHOWN_SECONDS
        loop.call_later(SHOWN_SECONDS + 0.05, self._forget, thread, user_id)
        if until is None:
            self._news.add(thread)

    def said(self, spoke: Iterable[tuple[Thread, int | None]]) -> None:
        """Who has said it types no more."""
        for thread, user_id in spoke:
            if user_id and self._until[thread].pop(user_id, None):
                self._news.add(thread)

    def news(self) -> bytes:
        """An event for each thread in which it changed since this was asked."""
        threads, self._news = self._news, set()
        return b"".join(self._event(thread) for thread in threads)

    def all(self) -> bytes:
        """The same for each thread in which anybody types."""
        return b"".join(self._event(thread) for thread, people in self._until.items() if people)

    def _event(self, thread: Thread) -> bytes:
        people = sorted(self._until[thread])
        return json_event(
            "typing", {"conversation": self._conversation_id, "thread": thread, "people": people}
        )

    def _forget(self, thread: Thread, user_id: int) -> None:
        until = self._until[thread].get(user_id)
        if until and until <= asyncio.get_running_loop().time():
            del self._until[thread][user_id]
            self._news.add(thread)
            self._changed()
