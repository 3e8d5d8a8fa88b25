"""A task that fails is tried again, later each time, eight times in all."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from messaging.background.models import QueuedTask
from messaging.background.runner import Runner
from tests.background import tasks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


def test_failed_task_is_tried_again_after_longer_and_longer_waits_and_then_given_up(runner: Runner) -> None:
    tasks.fail.enqueue(1)
    waits = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for attempt in range(1, 9):
            assert runner.run_next()
            assert not runner.run_next(), "It was tried again at once."
            row = QueuedTask.objects.get()
            assert row.attempts == attempt
            if row.state == "ready":
                waits.append(row.due_at - timezone.now())
                clock.move_to(row.due_at)
        assert waits == [timedelta(seconds=4**attempt) for attempt in range(1, 8)]
        assert (row.state, row.finished_at) == ("dead", timezone.now())
        clock.shift(timedelta(days=365))
        assert not runner.run_next()
    assert tasks.effects() == []


def test_task_that_fails_once_is_finished_by_its_second_attempt(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks.note.enqueue(1)
    with monkeypatch.context() as broken:
        broken.setattr(tasks, "_note", None)
        assert runner.run_next()
    assert QueuedTask.objects.get().error_class == "builtins.TypeError"
    QueuedTask.objects.update(due_at=timezone.now())
    assert runner.run_next()
    assert tasks.effects() == [1]
    row = QueuedTask.objects.get()
    assert (row.state, row.attempts) == ("finished", 2)


def test_a_task_that_raises_system_exit_fails_without_ending_the_process(runner: Runner) -> None:
    tasks.exit_process.enqueue(1)
    assert runner.run_next()
    row = QueuedTask.objects.get()
    assert (row.state, row.error_class) == ("ready", "builtins.SystemExit")


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("tests.background.tasks.of_an_older_version", "builtins.ImportError"),
        ("tests.background.tasks.plain_function", "builtins.TypeError"),
    ],
)
def test_row_that_names_no_task_fails_and_the_next_one_is_run(runner: Runner, path: str, error: str) -> None:
    QueuedTask.objects.create(task=path, arguments={"args": [], "kwargs": {}})
    tasks.note.enqueue(1)
    assert runner.run_next()
    assert runner.run_next()
    assert QueuedTask.objects.get(task=path).error_class == error
    assert tasks.effects() == [1]
