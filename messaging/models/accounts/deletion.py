"""Deleting an account, or a person's messages in rooms and groups: in batches, while others can write.

`User.delete()` uses one transaction and holds every lock until its end. Here each batch is a transaction of
its own that also commits its count. So an interrupted deletion continues where it stopped, and its receipt is
still correct.
"""

import time
import uuid
from datetime import timedelta
from typing import ClassVar

from django.db import models, transaction
from django.utils import timezone

from messaging.models.accounts.deletion_batches import (
    MIN_BATCH,
    Amounts,
    erase_account_batch,
    next_size,
    remove_messages_batch,
    written_among_others,
)
from messaging.models.accounts.erasure import conversations_with, erase_people
from messaging.models.accounts.locks import conversations_locked, step_down
from messaging.models.accounts.personal_data import amounts, what_is_deleted, without_zeros
from messaging.models.conversations.conversation import Conversation
from messaging.models.db.changes import NEXT_VERSION, texts_erased
from messaging.models.db.registry import PersonPart, register_person_part
from messaging.models.db.tasks import task
from messaging.models.messages.file_deletion import BytesLeft, FileToDelete, delete_recorded_bytes
from messaging.models.people.user import User
from messaging.models.rooms.handover import hand_over_all

# For this long the request itself deletes while the person waits. Most deletions are done by then.
AT_ONCE_SECONDS = 2.0
NOT_BEFORE = timedelta(seconds=5)  # the task starts after the request has ended or was interrupted
STALLED_AFTER = timedelta(seconds=30)  # far longer than a batch takes: the process that did it is gone
TASK_SECONDS = 10.0  # then other tasks get their turn
RECEIPT_KEPT = timedelta(days=30)


class AccountDeletionQuerySet(models.QuerySet["AccountDeletion"]):
    def unfinished(self) -> "AccountDeletionQuerySet":
        return self.filter(done_at=None)

    def stalled(self) -> "AccountDeletionQuerySet":
        """Those that no process is working on any more."""
        return self.unfinished().filter(last_batch_at__lt=timezone.now() - STALLED_AFTER)

    def receipts_past_keeping(self) -> "AccountDeletionQuerySet":
        return self.filter(done_at__lt=timezone.now() - RECEIPT_KEPT)

    def start(self, user: User) -> "AccountDeletion":
        """Close the account and record that it is to be deleted. After this call nothing stops the deletion.

        They are signed out everywhere and cannot sign in again.

        Raises:
            Refused: ("last_owner") they are the only owner, and others are left.
            Gone: they were deleted.
        """
        total = what_is_deleted([user.pk])  # counted before anything is locked
        with conversations_locked(user):
            step_down(user)
            user.is_active = False
            user.save(update_fields=["is_active"])
            user.sessions.all().delete()
            hand_over_all([user.pk], by=user)
            return self._record(user, deletes_account=True, total=total)

    def start_message_removal(self, user: User) -> "AccountDeletion":
        """Record that the person's messages in rooms and groups are to be removed; the account stays.

        To be called in the transaction of the ban.
        """
        return self._record(user, deletes_account=False, total=amounts(written_among_others(user)))

    def _record(self, user: User, **fields: object) -> "AccountDeletion":
        there = list(conversations_with([user.pk]).order_by("pk").values_list("pk", flat=True))
        fields |= {"conversations": there, "deleted": {}, "last_batch_at": timezone.now()}
        fields |= {"rows_deleted_at": None, "done_at": None}
        deletion, _ = self.update_or_create(user=user, defaults=fields)
        run_deletion.using(run_after=timezone.now() + NOT_BEFORE).enqueue(str(deletion.pk))
        return deletion


class AccountDeletion(models.Model):
    """A deletion in progress; when it is done, the row is its receipt, which has numbers and no names.

    Attributes:
        deletes_account: whether the account is deleted. If not, only the person's messages in rooms and
            groups are removed.
        conversations: the ids of those whose open pages load again at the end.
        total: how much there was at the start, by its plural name.
        deleted: how much of it is deleted so far.
        rows_deleted_at: since when only bytes of files are left in the storage.
    """

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, null=True, on_delete=models.SET_NULL, related_name="account_deletion")
    deletes_account = models.BooleanField()
    conversations = models.JSONField(default=list)
    total = models.JSONField(default=dict)
    deleted = models.JSONField(default=dict)
    last_batch_at = models.DateTimeField(default=timezone.now)
    rows_deleted_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["AccountDeletion"]] = models.Manager.from_queryset(
        AccountDeletionQuerySet
    )()

    batch_seconds = 0.0  # how long the last batch took
    size = MIN_BATCH  # how many messages the next batch takes

    class Meta:
        indexes = [
            # `stalled()`, asked once a day.
            models.Index(fields=["last_batch_at"], condition=models.Q(done_at=None), name="deletions_to_do"),
        ]

    def __str__(self) -> str:
        return f"account deletion {self.code}"

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def percent(self) -> int:
        """How much is deleted of what there was at the start, from 0 to 100."""
        total, deleted = sum(self.total.values()), sum(self.deleted.values())
        return 100 if self.is_done else min(99, 100 * deleted // (total or 1))

    @property
    def deleted_so_far(self) -> dict[str, int]:
        """What was deleted so far, without zeros."""
        return without_zeros(self.deleted)

    def run_for(self, seconds: float, with_pauses: bool = False) -> bool:
        """Run batches for about this many seconds.

        Args:
            with_pauses: sleep after each batch for as long as it took, so that others can use the database.
                For the background task, for which nobody waits.

        Returns:
            Whether something is left.
        """
        end = time.monotonic() + seconds
        while self.run_batch():
            if self.rows_deleted_at:
                return not self.delete_bytes(end - time.monotonic())
            if time.monotonic() > end:
                return True
            if with_pauses:
                time.sleep(self.batch_seconds)
        return False

    def run_batch(self) -> bool:
        """Delete one more batch.

        Two processes may do this at once: each batch is deleted and counted by one of them only.

        Returns:
            Whether something is left.
        """
        started = time.monotonic()
        with transaction.atomic():
            # Inside the transaction, with the user: another process may have finished the deletion.
            self.refresh_from_db(from_queryset=AccountDeletion.objects.select_related("user"))
            if not (self.rows_deleted_at or self.is_done):
                taken = self._take_batch()
                self._count(self._finish() if taken is None else taken, is_last=taken is None)
        self.batch_seconds = time.monotonic() - started
        self.size = next_size(self.size, self.batch_seconds)
        return not self.is_done

    def delete_bytes(self, seconds: float) -> bool:
        """Delete the bytes of files whose rows are deleted. Only then is the deletion done.

        Returns:
            Whether it is done.
        """
        delete_recorded_bytes(seconds)
        if not FileToDelete.objects.filter(since__lte=self.rows_deleted_at).exists():
            self.done_at = timezone.now()
            AccountDeletion.objects.filter(pk=self.pk).update(done_at=self.done_at)
        return self.is_done

    def _take_batch(self) -> Amounts | None:
        if self.user is None:  # deleted by somebody else meanwhile
            return None
        take = erase_account_batch if self.deletes_account else remove_messages_batch
        return take(self.user, self.size)

    def _finish(self) -> Amounts:
        """Delete the little that is left after the batches, and make the open pages load again."""
        if self.user and self.deletes_account:
            rest = what_is_deleted([self.user.pk], also=self.conversations)
            erase_people([self.user.pk], also=self.conversations)
            return rest
        with Conversation.objects.filter(pk__in=self.conversations).writing(reset_version=NEXT_VERSION):
            texts_erased.send(None)
            return {}

    def _count(self, taken: Amounts, is_last: bool) -> None:
        """Add to the count. Locks this row after the conversations, in the same order as an erasure."""
        this = AccountDeletion.objects.filter(pk=self.pk)
        before = this.select_for_update(no_key=True).get().deleted
        self.deleted = {what: before.get(what, 0) + taken.get(what, 0) for what in {**before, **taken}}
        self.last_batch_at = timezone.now()
        if is_last:
            self.rows_deleted_at = self.last_batch_at
            self.done_at = None if FileToDelete.objects.exists() else self.last_batch_at
        this.update(
            deleted=self.deleted,
            last_batch_at=self.last_batch_at,
            rows_deleted_at=self.rows_deleted_at,
            done_at=self.done_at,
        )


register_person_part(
    PersonPart(AccountDeletion, "user", why_not_exported="It is the receipt: numbers, and nobody's name.")
)


@task()
def run_deletion(code: str) -> None:
    """Go on with a deletion for some seconds, and leave the rest to another run of this task.

    Raises:
        BytesLeft: only bytes are left, and the storage refused to delete them: the task is tried again later.
    """
    deletion, started = AccountDeletion.objects.filter(pk=code).first(), time.monotonic()
    if deletion and deletion.run_for(TASK_SECONDS, with_pauses=True):
        if deletion.rows_deleted_at and time.monotonic() - started < TASK_SECONDS:
            raise BytesLeft
        run_deletion.enqueue(code)


@task()
def resume_stalled_deletions() -> None:
    """Periodic: enqueue the task again for deletions without a batch for 30 s (their task may have been given
    up), and delete old receipts."""
    for deletion in AccountDeletion.objects.stalled():
        run_deletion.enqueue(str(deletion.pk))
    AccountDeletion.objects.receipts_past_keeping().delete()
