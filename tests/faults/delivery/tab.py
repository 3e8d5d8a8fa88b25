"""An open page of the room: its list, what it asks the server, and its stream."""

import random
import threading
from http.client import HTTPException
from typing import Any

from tests.faults.delivery.history import History
from tests.faults.delivery.listener import Listener
from tests.faults.delivery.rows import badges_in, cursor_in, page_of, parts_in, rows_in, viewer_in
from tests.faults.delivery.view import View
from tests.served.browser import Answer, Browser
from tests.views.page import FRAGMENT, Page

REFRESH_SECONDS = 1.0  # until a load that failed is tried again; in the page 5
FAILURES = (OSError, HTTPException, ValueError)
NO_ANSWER = 0


class Tab:
    """A tab of a member, who may `ask` from one thread. Its stream is read in another one.

    Args:
        name: in the history, "person0 1".
        address: of the server that it asks.
        session: the session cookie.
        room: the conversation that it shows.
    """

    listener: Listener

    def __init__(
        self, name: str, address: str, session: str, room: int, history: History, chance: random.Random
    ) -> None:
        self.name, self.address, self.room = name, address, room
        self.history, self.chance = history, chance
        self.view = View()
        self.viewer = ""
        self._session = session
        self._browser = Browser(address, session)
        self._lock = threading.Lock()
        self._is_closed = threading.Event()

    @property
    def cookies(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._browser.cookies.items())

    def open(self) -> None:
        """Load the page, and begin to listen."""
        if page := self._load(f"/conversations/{self.room}/", fresh=False):
            self.viewer = viewer_in(page)
        self.listener = Listener(self)
        self.listener.start()

    def reopen(self) -> None:
        self.listener.end()
        self.open()

    def close(self) -> None:
        self._is_closed.set()
        self.listener.end()
        self._browser.close()

    def ask(self, method: str, path: str, **fields: object) -> Answer | None:
        """Ask as the page's scripts do; what the answer changes in the list is applied. None: no answer."""
        try:
            if method == "GET":
                return self._browser.get(path, **FRAGMENT)
            answer = self._browser.post_by_script(path, **fields)
        except FAILURES:
            self._browser.close()
            return None
        if answer.status_code == 200:
            self.swap(answer.content.decode(), None, "answer")
        return answer

    def shown(self) -> View:
        """A copy of what it shows now."""
        with self._lock:
            copy = View()
            copy.rows, copy.cursor, copy.badges = list(self.view.rows), self.view.cursor, self.view.badges
            return copy

    def refresh(self) -> None:
        """After a `reset`: load the whole list again, with a new cursor."""
        self._load(f"/conversations/{self.room}/fresh/", fresh=True)

    def swap(self, html: str, cursor: str | None, source: str) -> None:
        """Apply what the stream or an answer changes in the list; then the cursor moves."""
        parts = parts_in(html)
        self.record("swap", born=parts.born, changed=parts.changed, cursor=cursor, source=source)

    def record(self, kind: str, **content: Any) -> None:
        with self._lock:
            self.view.apply(self.history.add(kind, tab=self.name, **content))

    def _load(self, path: str, fresh: bool) -> Page | None:
        """Load a list until that succeeds. None: this person may not."""
        while not self._is_closed.is_set():
            browser = Browser(self.address, self._session)
            try:
                answer = browser.get(path)
                if answer.status_code == 200:
                    self.record("page", **shown_by(answer), fresh=fresh)
                    return page_of(answer.content.decode())
                if answer.status_code in (401, 404):
                    return None
            except FAILURES:
                pass
            finally:
                browser.close()
            self._is_closed.wait(REFRESH_SECONDS)
        return None


def shown_by(answer: Answer) -> dict[str, Any]:
    """What a fresh page shows."""
    page = page_of(answer.content.decode())
    return {"rows": rows_in(page), "cursor": cursor_in(page), "badges": badges_in(page)}
