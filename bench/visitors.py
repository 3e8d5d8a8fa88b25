"""Minimal browsers, which only send requests, receive a stream, and measure times."""

import asyncio
import re
import time
from urllib.parse import urlencode
from uuid import uuid4

from bench.connection import Connection
from bench.installation import Served

TOKEN = "b" * 32
STAMP = re.compile(rb"sent (\d+)\.")
ROW = re.compile(rb'id="m-(\d+)"')


class Listener:
    """An open stream. `lateness` collects how many seconds each message took from sending to arrival."""

    def __init__(self, served: Served, cookie: str, lateness: list[float]) -> None:
        self._served, self._cookie, self._lateness = served, cookie, lateness
        self.received = asyncio.Event()
        self.rows: set[int] = set()  # ids of messages that arrived and have not been reported as seen

    async def listen(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._served.port, limit=2**22)
        path = f"/live/?conversation={self._served.room}"
        writer.write(request("GET", path, self._served, self._cookie))
        try:
            while chunk := await reader.read(2**16):
                now = time.monotonic_ns()
                for stamp in set(STAMP.findall(chunk)):
                    self._lateness.append((now - int(stamp)) / 1e9)
                self.rows.update(map(int, ROW.findall(chunk)))
                if self.rows:
                    self.received.set()
        finally:
            writer.close()


class Visitor:
    """Posts forms and loads pages over one connection.

    `took` collects how many seconds the responses took, `failed` each status other than 200 and 204.
    """

    def __init__(self, served: Served, cookie: str, took: list[float], failed: list[int]) -> None:
        self._served, self._cookie, self._took, self._failed = served, cookie, took, failed
        self._lock = asyncio.Lock()
        self._connection = Connection(served.port)

    async def post(self, path: str, **data: object) -> None:
        await self._ask("POST", path, urlencode(data))

    async def load(self, path: str, is_part: bool = True) -> bytes:
        """Load a page, as a click does it; or the whole of it, as the first visit does."""
        return await self._ask("GET", path, is_part=is_part)

    async def _ask(self, method: str, path: str, body: str = "", is_part: bool = True) -> bytes:
        """Send a request and receive its response. The time includes waiting for earlier requests."""
        start = time.monotonic()
        async with self._lock:
            asked = request(method, path, self._served, self._cookie, body, is_part=is_part)
            answer = await self._connection.exchange(asked)
        self._took.append(time.monotonic() - start)
        if answer.status not in (200, 204):
            self._failed.append(answer.status)
        return answer.body

    async def send(self) -> None:
        """Send a message whose text contains the time of sending."""
        stamp = f"sent {time.monotonic_ns()}. {'words ' * 20}"
        fields = {"content": stamp, "client_id": str(uuid4())}
        await self.post(f"/conversations/{self._served.room}/send/", **fields)


def request(
    method: str,
    path: str,
    served: Served,
    cookie: str,
    body: str = "",
    last_event_id: str = "",
    is_part: bool = True,
) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: 127.0.0.1:{served.port}",
        f"Cookie: {cookie}; parley_csrf={TOKEN}",
        f"X-CSRFToken: {TOKEN}",
    ]
    if is_part:
        lines += ["HX-Request: true", "HX-Request-Type: partial"]
    if last_event_id:
        lines.append(f"Last-Event-ID: {last_event_id}")
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", body]).encode()


def summary(name: str, seconds: list[float]) -> str:
    """A line with the 50th, 90th and 99th percentile and the maximum, in milliseconds."""
    if not seconds:
        return f"{name}: nothing was measured"
    ordered = sorted(seconds)
    parts = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}
    values = {
        part: ordered[min(int(len(ordered) * share), len(ordered) - 1)] for part, share in parts.items()
    }
    shown = "  ".join(f"{part} {value * 1000:.0f}" for part, value in values.items())
    return f"{name}: {shown} ms  ({len(ordered)} measured)"
