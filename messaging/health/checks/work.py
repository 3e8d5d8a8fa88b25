"""Background work and backups."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from messaging.background.models import QueuedTask
from messaging.backup import folder
from messaging.backup.errors import BackupError
from messaging.backup.interruption import refuse_half_restored
from messaging.backup.making import LAST
from messaging.health.finding import Finding, fault, warning, well
from messaging.health.ready import is_loop_missing, late_tasks
from messaging.models import Installation

_OLD = timedelta(days=2)


def check() -> Iterator[Finding]:
    yield from _tasks()
    yield from _backups()


def _tasks() -> Iterator[Finding]:
    if is_loop_missing():
        yield fault(
            "No background work was done in the last 15 minutes.",
            f"Start {settings.MANAGE} serve, or beside other server processes {settings.MANAGE} worker.",
        )
    elif late := late_tasks():
        yield warning(
            f"{late} tasks are late.", f"Look at the log, or start another {settings.MANAGE} worker."
        )
    else:
        yield well("Background work is done.")
    dead = QueuedTask.objects.filter(state=QueuedTask.State.DEAD)
    if names := sorted(set(dead.values_list("task", flat=True))):
        last = [name.rpartition(".")[2] for name in names]
        yield warning(
            f"{dead.count()} tasks were given up: {', '.join(last)}.",
            "See “Queued tasks” in /admin/ for the reasons.",
        )


def _backups() -> Iterator[Finding]:
    try:
        refuse_half_restored()
    except BackupError as error:
        yield fault("A restore was interrupted.", str(error))
    try:
        last = json.loads((settings.VAR_DIR / LAST).read_text())
        copy, made_at = Path(last["copy"]), datetime.fromisoformat(last["made_at"])
    except (OSError, ValueError, KeyError, TypeError):
        yield warning(
            "No backup was made yet.",
            "Start parley-backup.timer, or every night run "
            f"{settings.MANAGE} backup FOLDER (docs/backups.md).",
        )
        return
    age = timezone.now() - made_at
    if age > _OLD:
        yield warning(f"The last backup is {age.days} days old.", "Check why the nightly one does not run.")
    elif not copy.exists():
        yield warning(f"The last backup ({copy}) is not there any more.", "Make another one.")
    else:
        yield well(f"The last backup is of {made_at:%Y-%m-%d %H:%M} UTC ({copy}).")
    days = Installation.objects.current().backup_days
    oldest = next(iter(folder.copies(copy.parent)), None)
    if days and oldest and timezone.now() - folder.made_at(oldest) > timedelta(days=days + 2):
        yield warning(
            f"There is a copy that is older than the {days} days that the site's settings promise: {oldest}.",
            f"Delete it, or let {settings.MANAGE} backup run, which does.",
        )
