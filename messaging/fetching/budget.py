"""The limits of one fetch, for all its redirects together: time and bytes."""

import time
from dataclasses import dataclass, field

from messaging.fetching.errors import NotAllowed, NotFetched


@dataclass
class Budget:
    """Seconds that are left, and bytes that may still be received.

    Args:
        seconds: for everything: names, connections, answers.
    """

    seconds: float
    bytes_left: int = 0
    _started: float = field(default_factory=time.monotonic)

    def begin_again(self, bytes_left: int) -> None:
        """Begin again, for another request on the same connection: with all seconds, and this many bytes."""
        self._started, self.bytes_left = time.monotonic(), bytes_left

    def seconds_left(self) -> float:
        """Raises NotFetched: no seconds are left."""
        left = self._started + self.seconds - time.monotonic()
        if left <= 0:
            raise NotFetched("too slow")
        return left

    def take_bytes(self, number: int) -> None:
        """Count what was received. Raises NotAllowed: it was too much."""
        self.bytes_left -= number
        if self.bytes_left < 0:
            raise NotAllowed("too many bytes")
