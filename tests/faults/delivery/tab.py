"""An open page of the room: it loads its list, listens to its stream and comes back, as the scripts do."""

import json
import random
import threading
import time
from http.client import HTTPException
from typing import Any

from tests.faults.delivery.history import History
from tests.faults.delivery.rows import badges_in, cursor_in, page_of, parts_in, rows_in, viewer_in
from tests.faults.delivery.view import View
from tests.live.stream_client import Event, StreamClient
from tests.served.browser import Answer, Browser
from tests.views.page import Page

# As htmx, from whose second attempt on the delay is twice the one before; with a lower limit.
RECONNECT_SECONDS, MAX_RECONNECT_SECONDS, JITTER = 0.5, 2.0, 0.3
SILENCE_SECONDS = 35.0
REFRESH_SECONDS = 1.0  # until a reload that failed is tried again; in the page 5
FAILURES = (OSError, HTTPException, ValueError)
NO_ANSWER = 0


class Tab:
    """A tab of a member. Its stream is read in a thread of its own; `ask` is for another one.

    Args:
        name: in the history, "person0 1".
        address: of the server that it asks.
        session: the session cookie.
        room: the conversation that it shows.
    """

    def __init__(
        self, name: str, address: str, session: str, room: int, history: History, chance: random.Random
    ) -> None:
        self.name = name
        self.view = View()
        self.viewer = ""
        self._address, self._session, self._room = address, session, room
        self._history, self._chance = history, chance
        self._browser = Browser(address, session)
        self._listening: StreamClient | None = None
        self._lock = threading.Lock()
        self._is_frozen, self._is_closed, self._may_read = (threading.Event() for _ in range(3))
        self._may_read.set()
        self._attempts = 0
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def open(self) -> None:
        """Load the page, and begin to listen."""
        self._load_page()
        self._thread.start()

    def reopen(self) -> None:
        """Load the page anew, and listen again: the stream had ended for good."""
        self._thread.join()
        self._load_page()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def stall(self) -> None:
        """Read nothing, with an open stream, until `go_on`."""
        self._may_read.clear()

    def go_on(self) -> None:
        self._may_read.set()

    def freeze(self) -> None:
        """As a hidden tab, or a laptop that was closed: the stream ends, and nothing more is received."""
        self._is_frozen.set()

    def wake(self) -> None:
        self._is_frozen.clear()

    def close(self) -> None:
        self._is_closed.set()
        self.go_on()
        self._thread.join()
        self._browser.close()

    def ask(self, method: str, path: str, **fields: object) -> Answer | None:
        """Ask as the page's scripts do; what the answer changes in the list is applied. None: no answer."""
        headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
        try:
            if method == "GET":
                return self._browser.get(path, **headers)
            answer = self._browser.post_by_script(path, **fields)
        except FAILURES:
            self._browser.close()
            return None
        if answer.status_code == 200:
            self._swap(answer.content.decode(), None, "answer")
        return answer

    def shown(self) -> View:
        """A copy of what it shows now."""
        with self._lock:
            copy = View()
            copy.rows, copy.cursor, copy.badges = list(self.view.rows), self.view.cursor, self.view.badges
            return copy

    # What the page is told

    def _load_page(self) -> None:
        if page := self._load(f"/conversations/{self._room}/", fresh=False):
            self.viewer = viewer_in(page)

    def _refresh(self) -> None:
        """After a `reset`: load the whole list again, with a new cursor."""
        self._load(f"/conversations/{self._room}/fresh/", fresh=True)

    def _load(self, path: str, fresh: bool) -> Page | None:
        """Load a list until that succeeds. None: this person may not."""
        while not self._is_closed.is_set():
            browser = Browser(self._address, self._session)
            try:
                answer = browser.get(path)
                if answer.status_code == 200:
                    self._record("page", **shown_by(answer), fresh=fresh)
                    return page_of(answer.content.decode())
                if answer.status_code in (401, 404):
                    return None
            except FAILURES:
                pass
            finally:
                browser.close()
            self._is_closed.wait(REFRESH_SECONDS)
        return None

    def _swap(self, html: str, cursor: str | None, source: str) -> None:
        parts = parts_in(html)
        self._record("swap", born=parts.born, changed=parts.changed, cursor=cursor, source=source)

    def _record(self, kind: str, **content: Any) -> None:
        with self._lock:
            self.view.apply(self._history.add(kind, tab=self.name, **content))

    # The stream

    def _listen(self) -> None:
        while not self._is_closed.is_set():
            if self._is_frozen.is_set():
                self._is_closed.wait(0.05)
                continue
            try:
                why = self._read_stream()
            except FAILURES as error:
                why = type(error).__name__
            finally:
                if self._listening:
                    self._listening.close()
            self._history.add("stream", tab=self.name, what=why)
            if why in ("removed", "signed-out", "404", "401"):
                return
            if why != "frozen":
                self._wait_to_reconnect()

    def _wait_to_reconnect(self) -> None:
        self._attempts += 1
        seconds = min(RECONNECT_SECONDS * 2 ** (self._attempts - 1), MAX_RECONNECT_SECONDS)
        self._is_closed.wait(seconds * (1 + self._chance.uniform(-JITTER, JITTER)))

    def _read_stream(self) -> str:
        """Open the stream at the cursor and read it. Returns why it ended."""
        stream = self._open_stream()
        if stream.status != 200:
            return str(stream.status)
        self._attempts = 0
        self._history.add("stream", tab=self.name, what="opened")
        taken, last_event_at = 0, time.monotonic()
        while not self._is_closed.is_set():
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

    def _open_stream(self) -> StreamClient:
        cookie = "; ".join(f"{name}={value}" for name, value in self._browser.cookies.items())
        headers = {"Cookie": cookie, "Last-Event-ID": self.view.cursor}
        path = f"/live/?conversation={self._room}"
        self._listening = StreamClient(f"http://{self._address}", path, **headers)
        return self._listening

    def _handle(self, event: Event) -> str:
        """Do what the page does. Returns why the stream has to be opened again, or is over; else nothing."""
        if not event.name:
            self._swap(event.data, event.cursor, "stream")
        elif event.name == "badges":
            self._record("badges", badges=json.loads(event.data)["conversations"])
        elif event.name == "reset":
            self._refresh()
            return "reset"
        elif event.name in ("removed", "signed-out", "replaced"):
            return event.name
        return ""


def shown_by(answer: Answer) -> dict[str, Any]:
    """What a page shows that was loaded now."""
    page = page_of(answer.content.decode())
    return {"rows": rows_in(page), "cursor": cursor_in(page), "badges": badges_in(page)}
