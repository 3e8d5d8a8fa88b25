"""While a task runs, another thread renews its lease."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import connections

from messaging.background.errors import describe
from messaging.background.models import QueuedTask

logger = logging.getLogger(__name__)


@contextmanager
def heartbeat(row: QueuedTask, seconds: float) -> Iterator[None]:
    """Renew the row's lease every so many seconds until the block ends, or another process has the row."""
    over = Event()
    beating = Thread(target=_beat, args=[row, seconds, over], name="heartbeat", daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()


def _beat(row: QueuedTask, seconds: float, over: Event) -> None:
    while not over.wait(seconds):
        try:
            if not row.renew():
                return
        except Exception as error:  # the database is locked or away: the next beat may come through
            logger.warning("The lease of %s could not be renewed: %s at %s.", row, *describe(error))
        finally:
            connections.close_all()
