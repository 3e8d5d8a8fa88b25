"""People who write while copies are made, and the comparison of what was restored with what is there."""

import random
import threading
import time
from contextlib import ExitStack
from io import BytesIO
from typing import Any

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.served.browser import TOKEN, Browser

UPLOAD, REMOVAL = 0.15, 0.5  # of the messages have a file; of those, are removed a moment later


class Load:
    """Members who send `rate` messages a second together; some have files, some are removed again.

    Attributes:
        sent: the text of each message that the server acknowledged, and when (monotonic).
        seconds: how long each took.
        removed: how many were removed.
        wrong: answers that were no success.
    """

    def __init__(self, address: str, sessions: list[str], room: int, rate: float) -> None:
        self._address, self._room = address, room
        self._pause = len(sessions) / rate
        self._end = threading.Event()
        self._threads = [
            threading.Thread(target=self._write, args=(number, session))
            for number, session in enumerate(sessions)
        ]
        self.sent: list[tuple[str, float]] = []
        self.seconds: list[float] = []
        self.removed = 0
        self.wrong: list[int] = []

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()

    def _write(self, member: int, session: str) -> None:
        chance = random.Random(member)
        with ExitStack() as open_:
            browser = Browser(self._address, session)
            open_.callback(browser.close)
            next_at = time.monotonic() + chance.random() * self._pause
            number = 0
            while not self._end.wait(max(0, next_at - time.monotonic())):
                next_at += self._pause
                number += 1
                self._send(browser, f"Words {member} {number}", chance)

    def _send(self, browser: Browser, text: str, chance: random.Random) -> None:
        has_file = chance.random() < UPLOAD
        fields: dict[str, Any] = {"csrfmiddlewaretoken": TOKEN, "content": text}
        if has_file:
            file = BytesIO(chance.randbytes(chance.randrange(1, 200_000)))
            file.name = "data.bin"
            fields["files"] = file
        begun = time.monotonic()
        body = encode_multipart(BOUNDARY, fields)
        path = f"/conversations/{self._room}/send/"
        answer = browser._request("POST", path, body, {"Content-Type": MULTIPART_CONTENT})
        if answer.status_code != 302:
            self.wrong.append(answer.status_code)
            return
        self.seconds.append(time.monotonic() - begun)
        self.sent.append((text, time.monotonic()))
        if has_file and chance.random() < REMOVAL:
            pk = (answer.headers["Location"] or "").rpartition("m-")[2]
            gone = browser.post(f"/messages/{pk}/remove/")
            self.removed += gone.status_code == 302
            self.wrong += [] if gone.status_code == 302 else [gone.status_code]


def differences(restored: Any, living: Any, acknowledged: list[str]) -> list[str]:
    """What a restored installation has otherwise than the living one had at one moment before.

    The version of a conversation is the number of its last change, so everything with a lower one must be
    there, and be the same unless it changed later.

    Args:
        acknowledged: texts that were stored before the copy was begun.
    """
    found = []
    versions = dict(map(tuple, restored["versions"]))
    old = {row[0]: row for row in restored["messages"]}
    new = {row[0]: row for row in living["messages"]}
    for pk, row in new.items():
        _, conversation, _, version, *_ = row
        if version <= versions.get(conversation, -1) and old.get(pk) != row:
            found.append(f"message {pk} is {old.get(pk)} instead of {row}")
    for pk, row in old.items():
        if pk not in new or new[pk][3] < row[3]:
            found.append(f"message {pk} was never there like this")
    texts = {row[4] for row in old.values()}
    kept = {row[4] for row in new.values()}
    found += [f"“{text}” is missing" for text in acknowledged if text in kept and text not in texts]
    found += [f"a notification of message {row[2]} alone" for row in restored["unread"] if row[2] not in old]
    for name, digest in restored["files"].items():
        if digest is None or living["files"].get(name, digest) != digest:
            found.append(f"the file {name} is missing, or another one")
    if restored["people"] != living["people"]:
        found.append("other people")
    return found
