"""A member of the room, who repeats each act until its outcome is known."""

import random
import threading
from uuid import UUID

from tests.faults.delivery.history import History
from tests.faults.delivery.rows import Row, page_of
from tests.faults.delivery.tab import NO_ANSWER, Tab
from tests.served.browser import Answer

PAUSE_SECONDS = 0.2  # between two attempts
# How often members do what.
ACTS = {"send": 8, "reply": 2, "edit": 3, "edit_in_both_tabs": 1, "remove": 1, "see": 3, "freeze": 1}
FROZEN_SECONDS = 1.0
EDITED_AT_MOST = 20  # messages from the end


class Member:
    """Somebody with two tabs, who does each kind of act once, and then acts at random.

    Args:
        rate: how many acts a second, about.
    """

    def __init__(
        self, name: str, tabs: list[Tab], room: int, history: History, chance: random.Random, rate: float
    ) -> None:
        self.name, self.tabs = name, tabs
        self._room, self._history, self._chance, self._rate = room, history, chance, rate
        self._words = 0
        self._seen: set[int] = set()
        self._must_end, self._gives_up, self._is_here = (threading.Event() for _ in range(3))
        self._is_here.set()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def go_away(self) -> None:
        """Do nothing until `come_back`."""
        self._is_here.clear()

    def come_back(self) -> None:
        for tab in self.tabs:
            tab.reopen()
        self._is_here.set()

    def finish(self, patience: float) -> None:
        """Begin nothing new, and wait until it is known what became of everything."""
        self._must_end.set()
        self._is_here.set()
        self._thread.join(patience)
        self._gives_up.set()
        self._thread.join()
        for tab in self.tabs:
            tab.listener.wake()

    def _live(self) -> None:
        first = list(ACTS)
        while not self._must_end.wait(self._chance.expovariate(self._rate)):
            self._is_here.wait()
            act = first.pop(0) if first else self._chance.choices(list(ACTS), list(ACTS.values()))[0]
            getattr(self, f"_{act}")()

    # What members do

    def _send(self) -> None:
        self._post_text("send", f"/conversations/{self._room}/send/")

    def _reply(self) -> None:
        rows = [row for row in self._rows() if not row.is_removed]
        if rows:
            parent = self._chance.choice(rows[-EDITED_AT_MOST:]).pk
            self._post_text("reply", f"/messages/{parent}/reply/", parent=parent)

    def _post_text(self, act: str, path: str, **about: object) -> None:
        fields = {
            "content": self._text(),
            "client_id": str(UUID(int=self._chance.getrandbits(128), version=4)),
        }
        op = self._history.begin(who=self.name, act=act, **fields, **about)
        answer = self._until_known(op, path, **fields)
        self._end(op, answer)

    def _edit(self) -> None:
        own = self._own_message()
        if own and (revision := self._revision_of(own, self._chance.choice(self.tabs))) is not None:
            self._post_edit(own, revision)

    def _edit_in_both_tabs(self) -> None:
        """Both tabs have the form open; the second one must learn that the first one saved."""
        if own := self._own_message():
            revisions = [self._revision_of(own, tab) for tab in self.tabs]
            if None not in revisions:
                for revision in revisions:
                    self._post_edit(own, revision)

    def _post_edit(self, own: int, revision: int | None) -> None:
        fields = {"content": self._text(), "revision": revision}
        op = self._history.begin(who=self.name, act="edit", message=own, **fields)
        self._end(op, self._until_known(op, f"/messages/{own}/edit/", **fields))

    def _remove(self) -> None:
        if own := self._own_message():
            op = self._history.begin(who=self.name, act="remove", message=own)
            self._end(op, self._until_known(op, f"/messages/{own}/remove/"))

    def _see(self) -> None:
        """Report some of the messages that are shown as seen."""
        shown = [row.pk for row in self._rows() if row.author != self.tabs[0].viewer]
        new = [pk for pk in shown if pk not in self._seen]
        ids = new[: self._chance.randint(0, len(new))]
        if ids:
            self._seen.update(ids)
            op = self._history.begin(who=self.name, act="see", messages=ids)
            numbers = " ".join(map(str, ids))
            self._end(op, self._until_known(op, f"/conversations/{self._room}/seen/", ids=numbers, live=""))

    def _freeze(self) -> None:
        tab = self._chance.choice(self.tabs)
        tab.listener.freeze()
        self._must_end.wait(self._chance.uniform(0, FROZEN_SECONDS))
        tab.listener.wake()

    # How they do it

    def _until_known(self, op: int, path: str, **fields: object) -> Answer | None:
        """Post it, again and again with the same fields, until an answer says what became of it.

        Any tab sends it again, once the server can be reached. None: somebody gave up.
        """
        while not self._gives_up.is_set():
            answer = self._chance.choice(self.tabs).ask("POST", path, **fields)
            status = answer.status_code if answer else NO_ANSWER
            self._history.add("attempt", op=op, status=status)
            if answer and status < 500 and status != 429:
                return answer
            self._wait_for_server()
        return None

    def _wait_for_server(self) -> None:
        while not self._gives_up.wait(PAUSE_SECONDS):
            answer = self.tabs[0].ask("GET", "/token/")
            if answer and answer.status_code == 200:
                return

    def _end(self, op: int, answer: Answer | None) -> None:
        self._history.add("end", op=op, status=answer.status_code if answer else NO_ANSWER)

    def _revision_of(self, message: int, tab: Tab) -> int | None:
        answer = tab.ask("GET", f"/messages/{message}/edit/")
        if answer is None or answer.status_code != 200:
            return None
        try:
            return int(page_of(answer.content.decode()).field_value("revision"))
        except LookupError:
            return None

    def _own_message(self) -> int | None:
        own = [row for row in self._rows() if row.author == self.tabs[0].viewer and not row.is_removed]
        return self._chance.choice(own[-EDITED_AT_MOST:]).pk if own else None

    def _rows(self) -> list[Row]:
        return self._chance.choice(self.tabs).shown().rows

    def _text(self) -> str:
        self._words += 1
        return f"{self.name} says {self._words};"
