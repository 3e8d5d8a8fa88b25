"""Runs what a test has enqueued, as the loop of `serve` would in time."""

from unittest.mock import patch

from django.utils import timezone

from messaging.background.models import PeriodicTask, QueuedTask
from messaging.background.runner import Runner


def make_due() -> int:
    """Let the time of everything come that is enqueued. Returns how many tasks that are."""
    return QueuedTask.objects.filter(finished_at=None).update(due_at=timezone.now())


def run_tasks() -> None:
    """Run all that is enqueued, deferred tasks too, until nothing is left. Fails where a task does."""
    while make_due():
        _run_next()
        failed = QueuedTask.objects.exclude(error_class="").values_list("task", "error_class", "error_place")
        assert list(failed) == []


def run_daily_tasks() -> None:
    """Run the whole schedule, as if a day had passed, and whatever else waits."""
    PeriodicTask.objects.all().delete()
    _run_next()
    run_tasks()


def _run_next() -> None:
    # The connection is the test's, in whose transaction it must not be closed.
    with patch("messaging.background.runner.close_old_connections"):
        Runner().run_next()
