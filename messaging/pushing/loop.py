"""The thread that pushes: woken after a commit, since a task would wait behind others of up to ten seconds.

It keeps nothing: what waits is in the database (`PushNotice`), and each notice is claimed before it is sent.
So it may run in several processes, and be killed at any moment.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final

from django.db import close_old_connections, connections
from django.utils import timezone

from messaging.background.errors import describe
from messaging.live import wakeups
from messaging.live.wakeups import Wakeup
from messaging.models.inbox.push_notice import next_due, note_new, rescan
from messaging.pushing.sending import Sender

logger = logging.getLogger(__name__)

POLL_SECONDS: Final = 1.0  # how late it learns of what another process committed
RESCAN_SECONDS: Final = 60.0
BATCH_SECONDS: Final = 0.1  # between batches of 50, so that the pages of this process get their turn
PAUSE_SECONDS: Final = 5.0  # after a failure of its own


class PushLoop:
    def __init__(self) -> None:
        self._woken = Event()
        self._ending = Event()
        self._rescanned_at = time.monotonic()
        self._sender = Sender()

    def run(self) -> None:
        """Push until another thread calls `end()`."""
        wakeups.listeners.add(self._wake)
        try:
            while not self._ending.is_set():
                self._woken.clear()  # before looking: what is committed meanwhile ends the wait at once
                self._woken.wait(self._round())
                self._ending.wait(0.05)  # many commits at once cause one scan
            self._sender.end()
        finally:
            wakeups.listeners.discard(self._wake)
            self._sender.close()
            connections.close_all()

    def end(self) -> None:
        self._ending.set()
        self._woken.set()

    def _wake(self, wakeup: Wakeup) -> None:
        if wakeup.conversations:
            self._woken.set()

    def _round(self) -> float:
        """Look for what is new, and send what is due. Returns for how many seconds there is nothing to do."""
        try:
            close_old_connections()
            has_more = note_new()
            if time.monotonic() > self._rescanned_at + RESCAN_SECONDS:
                self._rescanned_at = time.monotonic()
                rescan()
            while self._sender.send_due() and not self._ending.wait(BATCH_SECONDS):
                has_more = note_new()
            if has_more:
                return 0
            due_at = next_due()
            wait = (due_at - timezone.now()).total_seconds() if due_at else POLL_SECONDS
            return wait if 0 < wait < POLL_SECONDS else POLL_SECONDS
        except Exception as error:  # the database is locked or away: later it may answer
            logger.warning("Nothing could be pushed: %s at %s.", *describe(error))
            connections.close_all()
            return PAUSE_SECONDS


@contextmanager
def pushing(patience_seconds: float | None = None) -> Iterator[None]:
    """Push in a thread while the block lasts.

    Args:
        patience_seconds: how long to wait at the end for requests under way; without an end if None.
    """
    loop = PushLoop()
    thread = Thread(target=loop.run, name="pushing", daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.end()
        thread.join(patience_seconds)
