"""A stream as raw bytes on a socket, and as the events that a browser makes of them."""

import json
import re
import socket
import time
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import urlsplit

PATIENCE_SECONDS = 8.0
# In some of their bytes a tick goes by, which asks what was not woken_by.
TICKS_SECONDS = 3.0


class Event(NamedTuple):
    name: str
    data: str
    cursor: str | None

    @property
    def json(self) -> Any:
        return json.loads(self.data)


class Ear:
    """An open stream. Nothing of it is forgotten: `raw` is every byte of the body, `events` all events."""

    def __init__(
        self, server: str, path: str = "/live/", method: str = "GET", body: str = "", **headers: str
    ) -> None:
        address = urlsplit(server)
        self._socket = socket.create_connection((address.hostname, address.port), PATIENCE_SECONDS)
        lines = [f"{method} {path} HTTP/1.1", f"Host: {address.netloc}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self._socket.sendall("\r\n".join([*lines, "", body]).encode())
        self._bytes = b""
        head = self._until(b"\r\n\r\n").decode()
        first, *rest = head.split("\r\n")
        self.status = int(first.split()[1])
        self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in rest)}
        self.raw = b""
        self.events: list[Event] = []
        self.is_over = False
        self._parsed = self._taken = 0

    def heard(self, name: str, seconds: float = PATIENCE_SECONDS) -> Event:
        """The next event of this name, "" for a swap; those before it are passed over."""
        deadline = time.monotonic() + seconds
        while True:
            while self._taken < len(self.events):
                self._taken += 1
                if self.events[self._taken - 1].name == name:
                    return self.events[self._taken - 1]
            assert time.monotonic() < deadline, f"no {name!r} in {self.events}"
            assert not self.is_over, f"the stream ended without {name!r}: {self.events}"
            self._listen(deadline - time.monotonic())

    def listen(self, seconds: float) -> bytes:
        """What comes within some time."""
        before, deadline = len(self.raw), time.monotonic() + seconds
        while not self.is_over and time.monotonic() < deadline:
            self._listen(deadline - time.monotonic())
        return self.raw[before:]

    def to_the_end(self) -> list[Event]:
        """All events, once the server has ended the stream."""
        self.listen(PATIENCE_SECONDS)
        assert self.is_over, f"the stream is still open: {self.events}"
        return self.events

    @property
    def cursor(self) -> str:
        return [event.cursor for event in self.events if event.cursor][-1]

    def swaps(self) -> list[Event]:
        return [event for event in self.events if not event.name]

    def close(self) -> None:
        self._socket.close()

    def _listen(self, seconds: float) -> None:
        """Read a chunk of the body, if one comes in time."""
        self._socket.settimeout(max(seconds, 0.001))
        with suppress(TimeoutError):
            length = int(self._until(b"\r\n"), 16)
            self._socket.settimeout(PATIENCE_SECONDS)
            self.raw += self._take(length)
            self._take(2)
            self.is_over = not length
            self._parse()

    def _parse(self) -> None:
        *blocks, _ = self.raw[self._parsed :].split(b"\n\n")
        for block in blocks:
            self._parsed += len(block) + 2
            fields: dict[str, list[str]] = {"event": [], "data": [], "id": []}
            for line in block.decode().splitlines():
                name, value = re.fullmatch(r"(event|data|id): (.*)", line).groups()  # type: ignore[union-attr]
                fields[name].append(value)
            self.events.append(
                Event("".join(fields["event"]), "\n".join(fields["data"]), "".join(fields["id"]) or None)
            )

    def _until(self, end: bytes) -> bytes:
        while end not in self._bytes:
            self._receive()
        part, _, self._bytes = self._bytes.partition(end)
        return part

    def _take(self, length: int) -> bytes:
        while len(self._bytes) < length:
            self._receive()
        part, self._bytes = self._bytes[:length], self._bytes[length:]
        return part

    def _receive(self) -> None:
        more = self._socket.recv(65536)
        if not more:
            raise ConnectionError("The server hung up.")
        self._bytes += more
