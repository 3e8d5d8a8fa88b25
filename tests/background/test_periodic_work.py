"""What the schedule names is enqueued when it is due, once however many processes ask."""

from collections.abc import ItemsView
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connections
from django.utils import timezone
from django.utils.module_loading import import_string

from messaging.background.models import PeriodicTask, QueuedTask
from messaging.background.schedule import SCHEDULE, enqueue_due
from messaging.models.db.tasks import Task
from tests.background import tasks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]
PATH = f"{tasks.__name__}.tick"
DAY = timedelta(days=1)


@pytest.mark.parametrize("path", SCHEDULE)
def test_schedule_names_tasks_without_arguments(path: str) -> None:
    assert isinstance(import_string(path), Task)
    import_string(path).enqueue()
    assert QueuedTask.objects.get().task == path


def test_periodic_task_is_due_at_first_and_then_once_an_interval() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for days, expected in [(0, 1), (0.5, 1), (0.5, 2), (7, 3), (0.5, 3)]:
            clock.shift(timedelta(days=days))
            enqueue_due({PATH: DAY})
            assert QueuedTask.objects.count() == expected


class SimultaneousSchedule(dict[str, timedelta]):
    """Two threads pass `items()` at the same moment, after each has read the table."""

    def __init__(self, barrier: Barrier) -> None:
        super().__init__({PATH: DAY})
        self._barrier = barrier

    def items(self) -> "ItemsView[str, timedelta]":  # type: ignore[override]
        self._barrier.wait(60)
        return super().items()


@pytest.mark.parametrize("is_known", [True, False])
def test_two_processes_that_saw_it_due_enqueue_it_once(is_known: bool) -> None:
    if is_known:
        PeriodicTask.objects.create(task=PATH, last_due_at=timezone.now() - 2 * DAY)
    schedule = SimultaneousSchedule(Barrier(2))

    def process(_: int) -> None:
        try:
            enqueue_due(schedule)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        list(both.map(process, range(2)))
    assert QueuedTask.objects.count() == 1


def test_task_and_its_time_are_written_together(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.delattr(tasks, "tick")
        with pytest.raises(ImportError):
            enqueue_due({PATH: DAY})
    assert PeriodicTask.objects.get().last_due_at == PeriodicTask.NEVER
    enqueue_due({PATH: DAY})
    assert QueuedTask.objects.count() == 1
