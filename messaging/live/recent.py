"""What a feed sent in the last seconds, for pages whose changes were read before that."""

import asyncio
from collections import deque

KEPT_SECONDS = 10.0  # longer than it takes to open a stream
KEPT_BYTES = 128 * 1024  # some three seconds of a very busy room


class Recent:
    """The last payloads of a feed.

    Args:
        version: from which the feed begins.
    """

    def __init__(self, version: int) -> None:
        self._begins_at = version
        self._payloads: deque[tuple[int, bytes]] = deque()  # each with the version that it leads to
        self._size = 0

    def has_since(self, version: int) -> bool:
        """Whether everything that was sent after this version is still here."""
        return version >= self._begins_at

    def since(self, version: int) -> bytes:
        """What was sent after this version. A page may get a change twice, which does no harm."""
        return b"".join(payload for reached, payload in self._payloads if reached > version)

    def add(self, version: int, payload: bytes) -> None:
        """Keep what was sent to lead pages to this version."""
        if not payload:
            return
        self._payloads.append((version, payload))
        self._size += len(payload)
        while self._size > KEPT_BYTES:
            self._drop_first()
        asyncio.get_running_loop().call_later(KEPT_SECONDS, self._drop_until, version)

    def begin_at(self, version: int) -> None:
        """Drop everything: no payload leads to this version."""
        self._payloads.clear()
        self._begins_at, self._size = version, 0

    def _drop_until(self, version: int) -> None:
        while self._payloads and self._payloads[0][0] <= version:
            self._drop_first()

    def _drop_first(self) -> None:
        self._begins_at, payload = self._payloads.popleft()
        self._size -= len(payload)
