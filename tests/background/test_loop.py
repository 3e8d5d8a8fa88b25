"""The loop: idle without a lock, woken by an enqueue, ended cleanly."""

import signal
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from threading import enumerate as threads

import pytest
import uvicorn
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from messaging.background import backend
from messaging.background import runner as runner_module
from messaging.background.models import PeriodicTask, QueuedTask
from messaging.background.runner import Runner
from messaging.management.commands.serve import Command
from tests.background import tasks
from tests.background.conftest import StartWorker, running_thread, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


def test_polling_without_due_tasks_only_reads() -> None:
    idle = Runner()
    while idle.run_next():  # what the schedule had due
        pass
    with CaptureQueriesContext(connection) as captured:
        assert not idle.run_next()
    statements = [query["sql"].split()[0] for query in captured]
    assert statements == ["SELECT", "SELECT"]


def test_polling_on_sqlite_does_not_wait_for_a_writer(runner: Runner) -> None:
    if connection.vendor != "sqlite":
        return
    PeriodicTask.objects.create(task="x")
    writer = sqlite3.connect(connection.settings_dict["NAME"])
    try:
        writer.execute("BEGIN IMMEDIATE")
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 0")
        assert not runner.run_next()
        with pytest.raises(OperationalError):  # or else this test could not fail
            tasks.note.enqueue(1)
    finally:
        writer.close()
        connection.close()


class WatchedEvent(Event):
    """The wake-up of the loop; tells when the loop waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.is_waited_for = Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.is_waited_for.set()
        return super().wait(timeout)


def test_enqueue_in_the_same_process_wakes_the_waiting_loop(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    enqueued = WatchedEvent()
    monkeypatch.setattr(backend, "enqueued", enqueued)
    monkeypatch.setattr(runner_module, "enqueued", enqueued)
    with running_thread(poll_seconds=24 * 3600):
        wait_until(enqueued.is_waited_for.is_set, "the loop waits")
        tasks.note.enqueue(1)
        wait_until(lambda: tasks.effects() == [1], "the effect of the task")
    # Leaving the block ends a loop that would wait for a day.


def test_loop_goes_on_when_the_database_fails_for_a_while(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failures = iter([OperationalError(tasks.WORD)] * 3)

    def fail_three_times(schedule: object) -> None:
        if error := next(failures, None):
            raise error

    monkeypatch.setattr(runner_module, "enqueue_due", fail_three_times)
    tasks.note.enqueue(1)
    with running_thread(poll_seconds=0.01):
        wait_until(lambda: tasks.effects() == [1], "the effect of the task")
    assert caplog.text.count("The queue could not be polled: django.db.utils.OperationalError") == 3
    assert tasks.WORD not in caplog.text


@pytest.fixture
def own_signals() -> Iterator[None]:
    """`serve` changes how its process handles signals. Here that is undone after the test."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGTERM])
def test_serve_runs_tasks_until_a_signal_ends_it(
    monkeypatch: pytest.MonkeyPatch, own_signals: None, ended_by: signal.Signals
) -> None:
    def run(self: uvicorn.Server, sockets: list[socket.socket]) -> None:
        tasks.note.enqueue(1)
        wait_until(lambda: tasks.effects() == [1], "the effect of the task")
        assert signal.getsignal(ended_by) is not signal.SIG_DFL  # which would end the tests, too
        signal.raise_signal(ended_by)  # as uvicorn does when it has ended

    monkeypatch.setattr(uvicorn.Server, "run", run)
    with socket.socket() as listening:
        Command()._serve(listening, is_alone=True)
    assert "background" not in {thread.name for thread in threads()}


def test_worker_ends_on_sigterm(start_worker: StartWorker) -> None:
    worker = start_worker()
    tasks.note.enqueue(1)
    wait_until(lambda: tasks.effects() == [1], "the effect of the task")
    worker.ask_to_end()
    assert worker.exit_code() == 0


def test_worker_finishes_the_task_under_way_before_it_ends(start_worker: StartWorker, pause: Path) -> None:
    tasks.count.enqueue(tasks.STEPS)
    worker = start_worker()
    wait_until(lambda: len(tasks.effects()) == tasks.PAUSE_AT, "half of the work")
    worker.ask_to_end()
    pause.unlink()
    assert worker.exit_code() == 0
    row = QueuedTask.objects.get(task="tests.background.tasks.count")
    assert (row.state, row.attempts) == ("finished", 1)
    assert tasks.effects() == list(range(1, tasks.STEPS + 1))
