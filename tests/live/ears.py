"""A stream as raw bytes on a socket, and as the events that a browser makes of them."""

import json
import re
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.waiting import PATIENCE_SECONDS

LOOK_SECONDS = 0.1  # so often a condition is looked at that may come true without a byte


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

    def heard(self, name: str) -> Event:
        """The next event of this name, "" for a swap; those before it are passed over."""
        while True:
            self.until(lambda: len(self.events) > self._taken, otherwise=f"no {name!r}")
            self._taken += 1
            if self.events[self._taken - 1].name == name:
                return self.events[self._taken - 1]

    def says(self, text: str) -> None:
        """Wait until these words have come."""
        self.until(lambda: text.encode() in self.raw, otherwise=f"no {text!r}")

    def until(
        self,
        holds: Callable[[], object],
        meanwhile: Callable[[], object] = lambda: None,
        otherwise: str = "it did not come",
    ) -> None:
        """Listen until it holds. That something does not come is seen by what comes after it."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            assert time.monotonic() < deadline, f"{otherwise}: {self.events}"
            assert not self.is_over, f"{otherwise}, and the stream has ended: {self.events}"
            meanwhile()
            self.take()

    def take(self) -> None:
        """What is there, or comes in a moment."""
        if not self.is_over:
            self._listen(LOOK_SECONDS)

    def to_the_end(self) -> list[Event]:
        """All events, once the server has ended the stream."""
        self.until(lambda: self.is_over, otherwise="the stream is still open")
        return self.events

    def refusal(self) -> bytes:
        """The whole answer, where there is no stream."""
        return self._take(int(self.headers["content-length"]))

    @property
    def cursor(self) -> str:
        return [event.cursor for event in self.events if event.cursor][-1]

    def swaps(self) -> list[Event]:
        return [event for event in self.events if not event.name]

    def close(self) -> None:
        self._socket.close()

    def _listen(self, seconds: float) -> None:
        """Read a chunk of the body, if one comes in time."""
        self._socket.settimeout(seconds)
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
