"""Rows of tasks do not stay: finished ones a day, those given up thirty days."""

from datetime import timedelta

import pytest
from django.utils import timezone

from messaging.background.models import QueuedTask
from messaging.background.pruning import prune_tasks
from messaging.background.runner import Runner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


@pytest.mark.parametrize(
    ("state", "hours", "stays"),
    [
        ("finished", 23, True),
        ("finished", 25, False),
        ("dead", 25, True),
        ("dead", 29 * 24, True),
        ("dead", 31 * 24, False),
        ("ready", None, True),
        ("running", None, True),
    ],
)
def test_prune_deletes_what_finished_long_ago(
    runner: Runner, state: str, hours: int | None, stays: bool
) -> None:
    now = timezone.now()
    row = QueuedTask.objects.create(
        task="x",
        state=state,
        enqueued_at=now - timedelta(days=90),
        due_at=now + timedelta(hours=1),
        finished_at=None if hours is None else now - timedelta(hours=hours),
    )
    prune_tasks.enqueue()
    assert runner.run_next()
    assert QueuedTask.objects.filter(pk=row.pk).exists() == stays
