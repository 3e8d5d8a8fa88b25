"""The loop that runs tasks: in a thread of `manage.py serve`, and of `manage.py worker`."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import close_old_connections, connections
from django.utils.module_loading import import_string

from messaging.background.backend import enqueued
from messaging.background.errors import describe
from messaging.background.heartbeat import heartbeat
from messaging.background.models import QueuedTask
from messaging.background.schedule import SCHEDULE, enqueue_due
from messaging.models.db.tasks import Task

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0  # how late a task that another process enqueued may begin
BEAT_SECONDS = 5.0  # a third of the lease


class Runner:
    """Runs what is due, one task at a time, until `end()`."""

    def __init__(self, poll_seconds: float = POLL_SECONDS, beat_seconds: float = BEAT_SECONDS) -> None:
        self._poll_seconds = poll_seconds
        self._beat_seconds = beat_seconds
        self._ending = Event()

    def run(self) -> None:
        """Run tasks until another thread calls `end()`; the task under way then is finished first."""
        while True:
            enqueued.clear()  # before polling: what is enqueued meanwhile makes the wait return at once
            if self._ending.is_set():
                break
            if not self._poll():
                enqueued.wait(self._poll_seconds)
        connections.close_all()

    def end(self) -> None:
        self._ending.set()
        enqueued.set()

    def run_next(self) -> bool:
        """Enqueue periodic work that is due, and run the next task. Returns whether there was one."""
        enqueue_due(SCHEDULE)
        row = QueuedTask.objects.claim()
        if row:
            self._run_task(row)
        return row is not None

    def _poll(self) -> bool:
        try:
            return self.run_next()
        except Exception as error:  # the database is locked or away: later it may answer
            logger.warning("The queue could not be polled: %s at %s.", *describe(error))
            connections.close_all()
            return False

    def _run_task(self, row: QueuedTask) -> None:
        try:
            with heartbeat(row, self._beat_seconds):
                task = import_string(row.task)
                if not isinstance(task, Task):
                    raise TypeError("not a task")
                task.call(*row.arguments["args"], **row.arguments["kwargs"])
        except (Exception, SystemExit) as error:
            close_old_connections()  # a broken connection could not store the failure
            row.fail(error)
            logger.warning("%s failed, attempt %s: %s at %s.", row, row.attempts, *describe(error))
        else:
            row.succeed()
        close_old_connections()


own_thread: Thread | None = None  # of this process, if it runs tasks


@contextmanager
def running(patience_seconds: float | None = None) -> Iterator[None]:
    """Run tasks in a thread while the block lasts.

    Args:
        patience_seconds: how long to wait at the end for the task under way; without an end if None. A task
            that takes longer is cut off with the process, and run again by whichever process comes next.
    """
    global own_thread
    runner = Runner()
    own_thread = thread = Thread(target=runner.run, name="background", daemon=True)
    thread.start()
    try:
        yield
    finally:
        runner.end()
        thread.join(patience_seconds)
        own_thread = None
