"""The rules of retention after a backup was restored: a day without deletions, to change them in."""

from django.utils import timezone

from messaging.background.models import PeriodicTask, QueuedTask
from messaging.models import Conversation, Installation, RetentionRun
from messaging.models.retention.run import delete_expired
from messaging.models.retention.starting import announce_again


def put_off_deletion() -> bool:
    """What the rules do not keep is deleted a day from now: the daily task runs then, and rules that were
    announced start then.

    Returns:
        Whether there are any rules, in force or announced.
    """
    path = delete_expired.module_path
    PeriodicTask.objects.update_or_create(task=path, defaults={"last_due_at": timezone.now()})
    QueuedTask.objects.filter(task=path, finished_at=None).delete()
    RetentionRun.objects.all().delete()
    announce_again()
    return (
        Installation.objects.row().filter(retention__isnull=False).exists()
        or Conversation.objects.filter(retention__isnull=False).exists()
    )
