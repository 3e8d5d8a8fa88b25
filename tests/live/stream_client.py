"""Opens a stream and reads it, as raw bytes and as the events that a browser parses from them."""

import json
import re
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.waiting import PATIENCE_SECONDS

CHECK_SECONDS = 0.1  # how often a condition is checked while nothing arrives


class Event(NamedTuple):
    name: str
    data: str
    cursor: str | None

    @property
    def json(self) -> Any:
        return json.loads(self.data)


class StreamClient:
    """An open stream. It keeps everything: `raw` is every byte of the body, `events` all events."""

    def __init__(
        self, server: str, path: str = "/live/", method: str = "GET", body: str = "", **headers: str
    ) -> None:
        address = urlsplit(server)
        self._socket = socket.create_connection((address.hostname, address.port), PATIENCE_SECONDS)
        lines = [f"{method} {path} HTTP/1.1", f"Host: {address.netloc}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self._bytes = b""
        try:
            self._socket.sendall("\r\n".join([*lines, "", body]).encode())
            head = self._until(b"\r\n\r\n").decode()
        except BaseException:
            self._socket.close()
            raise
        first, *rest = head.split("\r\n")
        self.status = int(first.split()[1])
        self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in rest)}
        self.raw = b""
        self.events: list[Event] = []
        self.is_over = False
        self._parsed = self._taken = 0

    def next_event(self, name: str) -> Event:
        """Wait for the next event of this name, "" for a swap. Events before it are skipped."""
        while True:
            self.until(lambda: len(self.events) > self._taken, otherwise=f"no {name!r}")
            self._taken += 1
            if self.events[self._taken - 1].name == name:
                return self.events[self._taken - 1]

    def wait_for_text(self, text: str) -> None:
        """Wait until the stream contains this text."""
        self.until(lambda: text.encode() in self.raw, otherwise=f"no {text!r}")

    def until(
        self,
        holds: Callable[[], object],
        meanwhile: Callable[[], object] = lambda: None,
        otherwise: str = "it did not arrive",
    ) -> None:
        """Read until `holds()` is true. To show that something is not sent, wait for something later."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            assert time.monotonic() < deadline, f"{otherwise}: {self.events}"
            assert not self.is_over, f"{otherwise}, and the stream has ended: {self.events}"
            meanwhile()
            self.read_available()

    def read_available(self) -> None:
        """Read a chunk, if there is one or one arrives within CHECK_SECONDS."""
        if not self.is_over:
            self._read_chunk(CHECK_SECONDS)

    def to_the_end(self) -> list[Event]:
        """Wait until the server has ended the stream; returns all events."""
        self.until(lambda: self.is_over, otherwise="the stream is still open")
        return self.events

    def refusal(self) -> bytes:
        """The body of the response if the stream was refused."""
        return self._read_exactly(int(self.headers["content-length"]))

    @property
    def cursor(self) -> str:
        return [event.cursor for event in self.events if event.cursor][-1]

    def swaps(self) -> list[Event]:
        return [event for event in self.events if not event.name]

    def close(self) -> None:
        self._socket.close()

    def _read_chunk(self, seconds: float) -> None:
        """Read a chunk of the body, if one comes in time."""
        self._socket.settimeout(seconds)
        with suppress(TimeoutError):
            length = int(self._until(b"\r\n"), 16)
            self._socket.settimeout(PATIENCE_SECONDS)
            self.raw += self._read_exactly(length)
            self._read_exactly(2)
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

    def _read_exactly(self, length: int) -> bytes:
        while len(self._bytes) < length:
            self._receive()
        part, self._bytes = self._bytes[:length], self._bytes[length:]
        return part

    def _receive(self) -> None:
        more = self._socket.recv(65536)
        if not more:
            raise ConnectionError("The server closed the connection.")
        self._bytes += more
