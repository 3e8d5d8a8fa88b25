"""Where `.enqueue()` of Django's Tasks API leads: an INSERT into our own table (settings.TASKS)."""

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from messaging.background.models import QueuedTask
from messaging.models.db.tasks import BaseTaskBackend, InvalidTaskError, Task, TaskResult, TaskResultStatus

P = ParamSpec("P")
T = TypeVar("T")
Id = int | str  # a number, or a UUID as text

enqueued = threading.Event()  # wakes this process's loop; the loops of others look once a second


class QueueBackend(BaseTaskBackend):
    supports_defer = True

    def validate_task(self, task: Task[P, T]) -> None:
        """Raises InvalidTaskError at the declaration of a task that this back-end cannot run."""
        super().validate_task(task)
        if task.takes_context:
            raise InvalidTaskError("A task gets its arguments alone: takes_context is not supported.")

    def enqueue(self, task: Task[P, T], args: Sequence[Id], kwargs: Mapping[str, Id]) -> TaskResult[T]:
        """Store the call in the caller's transaction, and wake this process's loop when it commits.

        Raises:
            TypeError: an argument is not an id: an int, or a UUID as text.
        """
        self.validate_task(task)
        if not_ids := [value for value in (*args, *kwargs.values()) if not _is_id(value)]:
            kinds = ", ".join(type(value).__name__ for value in not_ids)
            raise TypeError(f"The arguments of {task.module_path} have to be ids, not {kinds}.")
        row = QueuedTask.objects.create(
            task=task.module_path,
            arguments={"args": list(args), "kwargs": dict(kwargs)},
            due_at=task.run_after or timezone.now(),
        )
        transaction.on_commit(enqueued.set)
        return TaskResult(
            task=task,
            id=str(row.pk),
            status=TaskResultStatus.READY,
            enqueued_at=row.enqueued_at,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def _is_id(value: object) -> bool:
    with suppress(ValueError):
        return type(value) is int or (isinstance(value, str) and str(UUID(value)) == value)
    return False
