"""Runs what a test has enqueued, as the loop of `serve` would in time."""

from unittest.mock import patch

from django.utils import timezone

from messaging.background.models import PeriodicTask, QueuedTask
from messaging.background.runner import Runner


def make_due() -> int:
    """Make all enqueued tasks due now, and return their number."""
    return QueuedTask.objects.filter(finished_at=None).update(due_at=timezone.now())


def run_tasks() -> None:
    """Run all that is enqueued, deferred tasks too, until nothing is left. Fails if a task fails."""
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
    # The runner would close the connection, which is in the test's transaction.
    with patch("messaging.background.runner.close_old_connections"):
        Runner().run_next()
