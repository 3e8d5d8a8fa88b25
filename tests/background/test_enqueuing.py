"""Enqueuing inserts a row in the caller's transaction. Its arguments may only be ids."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from messaging.background import backend
from messaging.background.models import QueuedTask
from messaging.background.runner import Runner
from messaging.models.db.tasks import InvalidTaskError, task
from tests.background import tasks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


def break_off() -> None:
    with transaction.atomic():
        tasks.note.enqueue(1)
        assert QueuedTask.objects.count() == 1
        raise ZeroDivisionError


def test_task_of_a_rolled_back_transaction_is_never_run(runner: Runner) -> None:
    with pytest.raises(ZeroDivisionError):
        break_off()
    assert not QueuedTask.objects.exists()
    assert not runner.run_next()


def test_task_of_a_committed_transaction_is_run_once(runner: Runner) -> None:
    with transaction.atomic():
        result = tasks.note.enqueue(number=7)
    assert runner.run_next()
    assert not runner.run_next()
    assert tasks.effects() == [7]
    row = QueuedTask.objects.get(pk=result.id)
    assert (row.state, row.attempts, row.error_class) == ("finished", 1, "")


def test_loop_of_this_process_is_woken_by_the_commit_and_not_before() -> None:
    backend.enqueued.clear()
    with transaction.atomic():
        tasks.note.enqueue(1)
        assert not backend.enqueued.is_set()
    assert backend.enqueued.is_set()


def test_deferred_task_waits_for_its_time(runner: Runner) -> None:
    tasks.note.using(run_after=timezone.now() + timedelta(hours=1)).enqueue(1)
    assert not runner.run_next()
    QueuedTask.objects.update(due_at=timezone.now())
    assert runner.run_next()


@pytest.mark.parametrize("words", ["lemonade", ["lemonade"], {"text": "lemonade"}, True, None])
def test_arguments_other_than_ids_are_refused_without_repeating_them(words: object) -> None:
    with pytest.raises(TypeError, match="have to be ids") as refused:
        tasks.note.enqueue(words)  # type: ignore[arg-type]
    assert "lemonade" not in str(refused.value)
    with pytest.raises(TypeError):
        tasks.note.enqueue(number=words)  # type: ignore[arg-type]
    assert not QueuedTask.objects.exists()


def with_context(context: object) -> None: ...


def test_task_with_a_context_is_refused_where_it_is_declared() -> None:
    with pytest.raises(InvalidTaskError):
        task(takes_context=True)(with_context)
