"""A row belongs to one process at a time, for as long as that process renews its lease."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from messaging.background.models import LEASE, QueuedTask
from messaging.background.runner import Runner
from tests.background import tasks
from tests.background.conftest import StartWorker, expire_leases, running_thread, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


def test_two_processes_that_saw_the_same_row_claim_it_once() -> None:
    tasks.note.enqueue(1)
    one, other = QueuedTask.objects.get(), QueuedTask.objects.get()
    assert one.start()
    assert not other.start()
    assert QueuedTask.objects.get().attempts == 1


def test_process_that_saw_the_row_before_another_attempt_does_not_claim_it() -> None:
    tasks.note.enqueue(1)
    seen = QueuedTask.objects.get()
    assert QueuedTask.objects.claim()
    expire_leases()
    assert not seen.start()
    assert QueuedTask.objects.get().attempts == 1


def test_running_row_is_due_again_when_its_lease_ends_and_not_before() -> None:
    tasks.note.enqueue(1)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert QueuedTask.objects.claim()
        clock.shift(LEASE - timedelta(seconds=1))
        assert QueuedTask.objects.claim() is None
        clock.shift(timedelta(seconds=1))
        claimed = QueuedTask.objects.claim()
    assert claimed
    assert claimed.attempts == 2


def test_process_that_lost_its_row_changes_nothing_in_it() -> None:
    tasks.note.enqueue(1)
    late = QueuedTask.objects.claim()
    expire_leases()
    owner = QueuedTask.objects.claim()
    assert late
    assert owner
    before = QueuedTask.objects.values().get()
    assert not late.renew()
    late.succeed()
    late.fail(ValueError())
    assert QueuedTask.objects.values().get() == before
    assert owner.renew()
    owner.succeed()
    assert QueuedTask.objects.get().state == "finished"


def test_a_failed_row_is_not_renewed_by_a_late_renewal() -> None:
    tasks.note.enqueue(1)
    row = QueuedTask.objects.claim()
    assert row
    row.fail(ValueError())
    assert not row.renew()
    assert QueuedTask.objects.get().state == "ready"


def test_row_whose_process_was_killed_eight_times_is_given_up() -> None:
    tasks.note.enqueue(1)
    for _ in range(8):
        assert QueuedTask.objects.claim()
        expire_leases()
    assert QueuedTask.objects.claim() is None
    row = QueuedTask.objects.get()
    assert (row.state, row.error_class) == ("dead", "LeaseExpired")


def test_lease_is_renewed_while_the_task_runs(runner: Runner) -> None:
    tasks.wait_for_release.enqueue(1)
    with running_thread(poll_seconds=0.01, renewal_seconds=0.01):
        wait_until(tasks.started.is_set, "the task runs")
        for _ in range(2):
            renewed = QueuedTask.objects.filter(due_at__gt=QueuedTask.objects.get().due_at)
            wait_until(renewed.exists, "a renewal")
        tasks.released.set()
        wait_until(lambda: QueuedTask.objects.get().state == "finished", "the end of the task")
    assert QueuedTask.objects.get().attempts == 1


def test_failed_renewal_is_logged_without_words_and_the_next_one_is_tried(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    renewals = []

    def fail_once(row: QueuedTask) -> bool:
        renewals.append(row)
        if len(renewals) == 1:
            raise OperationalError(tasks.WORD)
        return True

    monkeypatch.setattr(QueuedTask, "renew", fail_once)
    tasks.wait_for_release.enqueue(1)
    with running_thread(poll_seconds=0.01, renewal_seconds=0.01):
        wait_until(lambda: len(renewals) > 1, "a renewal after the one that failed")
    assert "could not be renewed: django.db.utils.OperationalError" in caplog.text
    assert tasks.WORD not in caplog.text


def test_task_of_a_killed_process_is_completed_by_another_from_where_it_was(
    start_worker: StartWorker, pause: Path
) -> None:
    tasks.count.enqueue(tasks.STEPS)
    row = QueuedTask.objects.filter(task="tests.background.tasks.count")
    worker = start_worker()
    wait_until(lambda: len(tasks.effects()) == tasks.PAUSE_AT, "half of the work")
    worker.kill()
    assert row.get().state == "running"
    pause.unlink()
    expire_leases()
    start_worker()
    wait_until(lambda: row.get().state == "finished", "the other half")
    assert tasks.effects() == list(range(1, tasks.STEPS + 1))
    assert row.get().attempts == 2


def test_two_processes_run_each_of_many_tasks_once(start_worker: StartWorker) -> None:
    numbers = list(range(60))
    for number in numbers:
        tasks.note.enqueue(number)
    start_worker()
    start_worker()
    waiting = QueuedTask.objects.exclude(state="finished")
    wait_until(lambda: not waiting.exists(), "the end of all tasks")
    assert tasks.effects() == numbers
    assert not QueuedTask.objects.exclude(attempts=1).exists()
