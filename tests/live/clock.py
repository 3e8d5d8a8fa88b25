"""A fake clock for presence and typing: it moves only when a test moves it."""

import asyncio
from collections.abc import Callable
from typing import Any


class Clock:
    """Replaces `asyncio` in a module. The running loop's `time()` is this clock's time; `call_later` timers
    run in `advance`."""

    def __init__(self) -> None:
        self._now = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timers: list[tuple[float, Callable[..., None], tuple[Any, ...]]] = []

    def get_running_loop(self) -> "Clock":
        self._loop = asyncio.get_running_loop()
        return self

    def time(self) -> float:
        return self._now

    def call_later(self, seconds: float, act: Callable[..., None], *arguments: Any) -> None:
        self._timers.append((self._now + seconds, act, arguments))

    @property
    def waiting(self) -> int:
        """The number of timers that are set."""
        return len(self._timers)

    def advance(self, seconds: float) -> None:
        """Move the clock, in the server's thread, after the callbacks that were already scheduled there."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._advance, seconds)

    def _advance(self, seconds: float) -> None:
        self._now += seconds
        due = [timer for timer in self._timers if timer[0] <= self._now]
        self._timers = [timer for timer in self._timers if timer[0] > self._now]
        for _, act, arguments in sorted(due, key=lambda timer: timer[0]):
            act(*arguments)
