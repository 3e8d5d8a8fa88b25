"""The stream of a tab: it is read, and opened again from the cursor, as the page's script does."""

import json
import threading
import time
from typing import TYPE_CHECKING

from tests.live.stream_client import Event, StreamClient

if TYPE_CHECKING:
    from tests.faults.delivery.tab import Tab

# As in htmx each delay is twice the one before, from the second attempt on; but the limit is lower.
RECONNECT_SECONDS, MAX_RECONNECT_SECONDS, JITTER = 0.5, 2.0, 0.3
SILENCE_SECONDS = 35.0  # as in static/js/live.js
FAILURES = (OSError, ValueError)
FOR_GOOD = ("removed", "signed-out", "replaced", "401", "404")


class Listener:
    """Listens in a thread of its own, until it is told to `end` or the stream is over for good."""

    def __init__(self, tab: "Tab") -> None:
        self._tab = tab
        self._is_frozen, self._must_end, self._may_read = (threading.Event() for _ in range(3))
        self._may_read.set()
        self._attempts = 0
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._must_end.set()
        self.go_on()
        self._thread.join()

    def freeze(self) -> None:
        """As in a hidden tab, or on a laptop that was closed: the stream ends, nothing more is received."""
        self._is_frozen.set()

    def wake(self) -> None:
        self._is_frozen.clear()

    def stall(self) -> None:
        """Read nothing, with an open stream, until `go_on`."""
        self._may_read.clear()

    def go_on(self) -> None:
        self._may_read.set()

    def _listen(self) -> None:
        while not self._must_end.is_set():
            if self._is_frozen.is_set():
                self._must_end.wait(0.05)
                continue
            try:
                why = self._read_stream()
            except FAILURES as error:
                why = type(error).__name__
            self._tab.history.add("stream", tab=self._tab.name, what=why)
            if why in FOR_GOOD:
                return
            if why != "frozen":
                self._wait_to_reconnect()

    def _wait_to_reconnect(self) -> None:
        self._attempts += 1
        seconds = min(RECONNECT_SECONDS * 2 ** (self._attempts - 1), MAX_RECONNECT_SECONDS)
        self._must_end.wait(seconds * (1 + self._tab.chance.uniform(-JITTER, JITTER)))

    def _read_stream(self) -> str:
        """Open the stream at the cursor and read it. Returns why it ended."""
        tab = self._tab
        headers = {"Cookie": tab.cookies, "Last-Event-ID": tab.view.cursor}
        stream = StreamClient(f"http://{tab.address}", f"/live/?conversation={tab.room}", **headers)
        try:
            if stream.status != 200:
                return str(stream.status)
            self._attempts = 0
            tab.history.add("stream", tab=tab.name, what="opened")
            return self._read_events(stream)
        finally:
            stream.close()

    def _read_events(self, stream: StreamClient) -> str:
        taken, last_event_at = 0, time.monotonic()
        while not self._must_end.is_set():
            self._may_read.wait()
            stream.read_available()
            if taken < len(stream.events):
                last_event_at = time.monotonic()
            for event in stream.events[taken:]:
                taken += 1
                if ended := self._handle(event):
                    return ended
            if self._is_frozen.is_set():
                return "frozen"
            if stream.is_over:
                return "over"
            if time.monotonic() - last_event_at > SILENCE_SECONDS:
                return "silent"
        return "closed"

    def _handle(self, event: Event) -> str:
        """Do what the page does. Returns why the stream has to be opened again, or is over; else nothing."""
        if not event.name:
            self._tab.swap(event.data, event.cursor, "stream")
        elif event.name == "badges":
            self._tab.record("badges", badges=json.loads(event.data)["conversations"])
        elif event.name == "reset":
            self._tab.refresh()
            return "reset"
        elif event.name in FOR_GOOD:
            return event.name
        return ""
