"""Who comes first writes first.

SQLite lets one connection write at a time; another one sleeps, asks again, sleeps longer, and whoever asks at
the right moment is next. With many writers some are passed over for seconds, though each of them would write
for a few milliseconds: a hundred readers of a busy room made the slowest hundredth of messages take 1.6 s,
in a queue 0.4 s (`python -m bench.reading`). Other processes still ask in SQLite's own way.
"""

import threading
from collections import deque


class Turns:
    """A lock that is handed on in the order in which it was asked for; `threading.Lock` has no order."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False

    def take(self, seconds: float) -> bool:
        """Wait for one's turn. Returns whether it came within this time."""
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # it came at the last moment

    def end(self) -> None:
        """Hand it on to whoever has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False
