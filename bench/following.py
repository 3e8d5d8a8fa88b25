"""A stream that is opened again when it ends, as a page does it, and what came by it."""

import asyncio
import random
import re
import time

from bench.installation import Served
from bench.visitors import STAMP, request

CURSOR = re.compile(rb'id="cursor" hidden data-cursor="([^"]+)"')
ID = re.compile(rb"^id: (.+)$", re.MULTILINE)
FIRST_DELAY_SECONDS, JITTER = 0.5, 0.3  # as in htmx's extension hx-sse


class Follower:
    """Somebody whose page is open.

    `arrived` has the time at which each message came first, by the time at which it was sent, both in
    nanoseconds of the monotonic clock. `failed` gets each status of the stream but 200.
    """

    def __init__(self, served: Served, cookie: str, failed: list[int]) -> None:
        self._served, self._cookie, self._failed = served, cookie, failed
        self.arrived: dict[int, int] = {}
        self.opened = 0  # how often the stream was opened
        self.resets = 0  # how often the page was told to load everything again
        self.is_open = asyncio.Event()
        self._cursor = b""

    async def follow(self, page: bytes) -> None:
        """Keep a stream open.

        Args:
            page: the page of the conversation, which has the cursor.
        """
        found = CURSOR.search(page)
        assert found, page
        self._cursor = found[1]
        attempt = 0
        while True:
            status = await self._read_stream()
            if status == 200:
                attempt = 0
            else:
                self._failed.append(status)
                attempt += 1
            delay = FIRST_DELAY_SECONDS * 2 ** max(attempt - 1, 0)
            await asyncio.sleep(delay * random.uniform(1 - JITTER, 1 + JITTER))

    async def _read_stream(self) -> int:
        """Read one stream to its end; returns its status, 0 if there was none."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._served.port, limit=2**22)
        path = f"/live/?conversation={self._served.room}"
        writer.write(request("GET", path, self._served, self._cookie, last_event_id=self._cursor.decode()))
        status = 0
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            status = int(head.split()[1])
            if status != 200:
                return status
            self.opened += 1
            self.is_open.set()
            events = b""
            while size := int(await reader.readline(), 16):  # the last chunk is empty
                events += (await reader.readexactly(size + 2))[:-2]
                whole, _, events = events.rpartition(b"\n\n")
                self._take(whole)
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):  # it was cut off
            pass
        finally:
            writer.close()
        return status

    def _take(self, events: bytes) -> None:
        now = time.monotonic_ns()
        for stamp in STAMP.findall(events):
            self.arrived.setdefault(int(stamp), now)
        for cursor in ID.findall(events):
            self._cursor = cursor
        self.resets += b"event: reset" in events
