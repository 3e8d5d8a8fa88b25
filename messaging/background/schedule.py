"""Periodic work: which tasks, how often."""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from messaging.background.models import PeriodicTask

# By dotted path, so that reading the schedule imports no task. A task that is new here is due at once.
# Tasks that are due together are enqueued in this order; with several workers they may overlap.
SCHEDULE: dict[str, timedelta] = {
    "messaging.models.people.sessions.delete_expired_sessions": timedelta(days=1),
    "messaging.models.accounts.deletion.resume_stalled_deletions": timedelta(days=1),
    "messaging.models.accounts.invitations.erase_emails_of_ended_invitations": timedelta(days=1),
    "messaging.models.accounts.reports.delete_decided_reports": timedelta(days=1),
    "messaging.models.accounts.erasure.erase_removed_rooms": timedelta(days=1),
    "messaging.models.retention.starting.start_due_rules": timedelta(minutes=10),
    "messaging.models.retention.run.delete_expired": timedelta(days=1),
    "messaging.models.messages.rerendering.rerender_messages": timedelta(days=1),
    "messaging.models.messages.scheduling.send_overdue": timedelta(minutes=10),
    "messaging.models.inbox.reminders.remind_overdue": timedelta(minutes=10),
    "messaging.models.messages.stray_files.delete_unsent_files": timedelta(days=1),
    "messaging.models.messages.stray_files.find_stray_files": timedelta(days=1),
    "messaging.models.messages.stray_files.delete_stray_previews": timedelta(days=1),
    "messaging.models.messages.file_deletion.delete_bytes": timedelta(days=1),
    "messaging.models.db.sqlite_vacuum.vacuum_if_pending": timedelta(days=1),
    "messaging.background.pruning.prune_tasks": timedelta(hours=6),
}
if settings.HAS_MAIL_SERVER:
    SCHEDULE["messaging.mailing.missed.find_missed"] = timedelta(minutes=1)
    SCHEDULE["messaging.mailing.digests.find_digests"] = timedelta(minutes=5)


def enqueue_due(schedule: Mapping[str, timedelta]) -> None:
    """Enqueue what is due, once however many processes ask: one conditional UPDATE decides who does it.

    Looks without a lock, so that nothing is written while nothing is due. If a task was due
    several times while no process ran, it runs once.
    """
    now = timezone.now()
    last_due = dict(PeriodicTask.objects.values_list("task", "last_due_at"))
    for path, interval in schedule.items():
        if path not in last_due:
            PeriodicTask.objects.bulk_create([PeriodicTask(task=path)], ignore_conflicts=True)
        elif last_due[path] > now - interval:
            continue
        with transaction.atomic():
            due = PeriodicTask.objects.filter(task=path, last_due_at__lte=now - interval)
            if due.update(last_due_at=now):
                import_string(path).enqueue()
