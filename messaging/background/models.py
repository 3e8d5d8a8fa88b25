"""The two tables of background work: calls that wait or were run, and when periodic work was last due."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar, Self

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.background.errors import describe

# Renewed every 5 s (runner.py): two renewals may fail before another process takes the row. Processes on
# several machines need clocks that agree to within some seconds.
LEASE = timedelta(seconds=15)
MAX_ATTEMPTS = 8
BACK_OFF_SECONDS = 4  # to the power of the attempts: 4 s, 16 s, … 4.6 h; all eight span six hours
FINISHED_KEPT, DEAD_KEPT = timedelta(days=1), timedelta(days=30)


class QueuedTaskQuerySet(models.QuerySet["QueuedTask"]):
    def due(self) -> Self:
        """What is to be run now: waiting tasks, and those whose process stopped renewing its claim."""
        return self.filter(finished_at=None, due_at__lte=timezone.now()).order_by("due_at", "pk")

    def claim(self) -> "QueuedTask | None":
        """Take the task that has been due longest, or None. Looks without a lock; writes only to take it."""
        while row := self.due().first():
            if row.start():
                return row
        return None

    def prune(self) -> int:
        """Delete rows that finished more than a day ago, and dead ones after 30 days. Returns how many."""
        now = timezone.now()
        finished = models.Q(state=QueuedTask.State.FINISHED, finished_at__lt=now - FINISHED_KEPT)
        dead = models.Q(state=QueuedTask.State.DEAD, finished_at__lt=now - DEAD_KEPT)
        return self.filter(finished | dead).delete()[0]


class QueuedTask(models.Model):
    """One call of a task.

    Claiming a row moves `due_at` to the end of its lease, and each renewal moves it on. So a row whose
    process was killed falls due by itself. `attempts` goes up with each claim: a process that lost its lease
    has an older number, so its updates match no row.
    """

    class State(models.TextChoices):
        READY = "ready", _("ready")
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        DEAD = "dead", _("given up")

    task = models.CharField(max_length=200)  # the function's dotted path
    arguments = models.JSONField(default=dict)  # {"args": [7], "kwargs": {}}: ids only
    state = models.CharField(max_length=8, choices=State, default=State.READY)
    attempts = models.PositiveSmallIntegerField(default=0)
    enqueued_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    # Of the last failure. No message and no traceback: they can hold people's words.
    error_class = models.CharField(max_length=200, blank=True)
    error_place = models.CharField(max_length=200, blank=True)

    objects: ClassVar[models.Manager["QueuedTask"]] = models.Manager.from_queryset(QueuedTaskQuerySet)()

    class Meta:
        indexes = [
            # `due()`, asked by each process about once a second.
            models.Index(fields=["due_at"], condition=models.Q(finished_at=None), name="tasks_to_run"),
        ]

    def __str__(self) -> str:
        return f"{self.task} (task {self.pk})"

    def start(self) -> bool:
        """Claim the row, or give it up if its last attempt was cut off. Returns whether it is to be run."""
        now, seen = timezone.now(), QueuedTask.objects.due().filter(pk=self.pk, attempts=self.attempts)
        if self.attempts >= MAX_ATTEMPTS:
            _update(seen, state=self.State.DEAD, finished_at=now, error_class="LeaseExpired", error_place="")
            return False
        if not _update(seen, state=self.State.RUNNING, due_at=now + LEASE, attempts=self.attempts + 1):
            return False
        self.attempts += 1
        return True

    def renew(self) -> bool:
        """Extend the lease. Returns False if another process has the row by now."""
        return _update(self._held(), due_at=timezone.now() + LEASE)

    def succeed(self) -> None:
        """Note that the task is done. Without effect where another process has taken the row over."""
        _update(self._held(), state=self.State.FINISHED, finished_at=timezone.now())

    def fail(self, error: BaseException) -> None:
        """Note what was raised, and when to try again: never after the eighth attempt."""
        now = timezone.now()
        self.error_class, self.error_place = describe(error)
        if self.attempts >= MAX_ATTEMPTS:
            then: dict[str, object] = {"state": self.State.DEAD, "finished_at": now}
        else:
            wait = timedelta(seconds=BACK_OFF_SECONDS**self.attempts)
            then = {"state": self.State.READY, "due_at": now + wait}
        _update(self._held(), error_class=self.error_class, error_place=self.error_place, **then)

    def _held(self) -> "models.QuerySet[QueuedTask]":
        return QueuedTask.objects.filter(pk=self.pk, attempts=self.attempts, state=self.State.RUNNING)


class PeriodicTask(models.Model):
    """When a task of the schedule was last due."""

    NEVER: ClassVar[datetime] = datetime(1970, 1, 1, tzinfo=UTC)

    task = models.CharField(max_length=200, primary_key=True)  # its dotted path
    last_due_at = models.DateTimeField(default=NEVER)

    objects: ClassVar[models.Manager["PeriodicTask"]] = models.Manager()

    def __str__(self) -> str:
        return self.task


def _update(rows: "models.QuerySet[QueuedTask]", **fields: object) -> bool:
    """One conditional UPDATE. In a transaction, which on SQLite takes its place in the queue of writers."""
    with transaction.atomic():
        return bool(rows.update(**fields))
