"""Deleting what the rules do not keep: every day, in batches, while others can write."""

import time
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar

from django.db import models, transaction
from django.utils import timezone

from messaging.models.accounts.deletion_batches import MIN_BATCH, Amounts, next_size
from messaging.models.conversations.conversation import Conversation, Unchanged
from messaging.models.db.changes import NEXT_VERSION, texts_erased
from messaging.models.db.refusals import Gone
from messaging.models.db.tasks import task
from messaging.models.retention.batches import delete_batch, next_conversation
from messaging.models.retention.expired import shortest_age
from messaging.models.site.audit_log import AuditEntry

TASK_SECONDS = 10.0  # then other tasks get their turn


class RetentionRun(models.Model):
    """The run that is under way: one row at most, which is deleted at its end.

    Attributes:
        at: the id of the conversation that it works on. All with smaller ids are done.
        has_deleted: whether it has deleted something there.
        deleted: how much it has deleted so far, by its plural name.
        begins_again: whether it goes through all conversations once more at its end: a rule has started.
    """

    THE_ONE = 1

    at = models.PositiveBigIntegerField(default=0)
    has_deleted = models.BooleanField(default=False)
    deleted = models.JSONField(default=dict)
    begins_again = models.BooleanField(default=False, db_default=False)
    started_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["RetentionRun"]] = models.Manager()

    batch_seconds = 0.0  # how long the last batch took
    size = MIN_BATCH  # how many messages the next batch takes
    taken: Mapping[str, int] = MappingProxyType({})  # what this object has deleted
    _age: tuple[timedelta | None] | None = None  # what `shortest_age` said, once it was asked

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_retention_run")]

    def __str__(self) -> str:
        return "Run of the rules of retention"

    @classmethod
    def begin_again(cls) -> None:
        """If a run is under way, let it go once more through all conversations, also those it has passed."""
        cls.objects.filter(pk=cls.THE_ONE).update(begins_again=True)

    def run_batch(self) -> bool:
        """Delete one more batch: a transaction that also commits its count.

        Two processes may do this at once: each message is deleted and counted by one of them only.

        Returns:
            Whether something is left.
        """
        started = time.monotonic()
        with transaction.atomic():
            stored = RetentionRun.objects.filter(pk=self.pk).first()
            if stored is None:  # another process has finished it
                return False
            self.at = stored.at
            taken = delete_batch(self.at, self.size)
            is_left = self._go_on() if taken is None else self._count(taken)
        self.taken = _sum(self.taken, taken or {})
        self.batch_seconds = time.monotonic() - started
        self.size = next_size(self.size, self.batch_seconds)
        return is_left

    def _count(self, taken: Amounts) -> bool:
        this = RetentionRun.objects.filter(pk=self.pk)
        stored = this.select_for_update(no_key=True).first()
        this.update(deleted=_sum(stored.deleted if stored else {}, taken), has_deleted=True)
        return True

    def _go_on(self) -> bool:
        """Go on to the next conversation; where there is none, finish."""
        self._reset_open_pages()
        if self._age is None or self.at == 0:
            self._age = (shortest_age(),)
        following = next_conversation(self.at, *self._age)
        if following is None:
            return self._finish()
        RetentionRun.objects.filter(pk=self.pk, at=self.at).update(at=following, has_deleted=False)
        return True

    def _reset_open_pages(self) -> None:
        """Make open pages of the conversation load again, if something was deleted in it."""
        try:
            with Conversation(pk=self.at).writing(reset_version=NEXT_VERSION):
                # Read under the lock of the conversation, which every process that deletes there holds too.
                if not RetentionRun.objects.filter(pk=self.pk, at=self.at, has_deleted=True).exists():
                    raise Unchanged
        except Gone:
            pass

    def _finish(self) -> bool:
        """Write what was deleted into the audit log, and remove the copies from caches and the file.

        Returns:
            Whether something is left: another process has gone on meanwhile, or the run begins again.
        """
        this = RetentionRun.objects.filter(pk=self.pk)
        stored = this.select_for_update().first()
        if stored and (stored.begins_again or stored.at != self.at):
            this.filter(at=self.at).update(at=0, has_deleted=False, begins_again=False)
            return True
        if stored and this.delete()[0] and stored.deleted:
            AuditEntry.objects.record(None, AuditEntry.Act.DELETED_EXPIRED, **stored.deleted)
            texts_erased.send(None)
        return False


def run_for(seconds: float, with_pauses: bool = False) -> bool:
    """Delete what the rules do not keep, for about this many seconds; begin where the last call stopped.

    Args:
        with_pauses: sleep after each batch for as long as it took, so that others can use the database.

    Returns:
        Whether something is left.
    """
    end = time.monotonic() + seconds
    run, _ = RetentionRun.objects.get_or_create(pk=RetentionRun.THE_ONE)
    while run.run_batch():
        if time.monotonic() > end:
            return True
        if with_pauses:
            time.sleep(run.batch_seconds)
    return False


def delete_now() -> Mapping[str, int]:
    """Delete all that the rules do not keep, in all conversations, also if a run is under way.

    Returns:
        How much this call deleted, by its plural name.
    """
    RetentionRun.begin_again()
    run, _ = RetentionRun.objects.get_or_create(pk=RetentionRun.THE_ONE)
    while run.run_batch():
        pass
    return run.taken


def _sum(some: Mapping[str, int], others: Mapping[str, int]) -> Amounts:
    return {what: some.get(what, 0) + others.get(what, 0) for what in {**some, **others}}


@task()
def delete_expired() -> None:
    """Periodic, and when a rule starts: delete for some seconds, and leave the rest to another task."""
    if run_for(TASK_SECONDS, with_pauses=True):
        delete_expired.enqueue()
