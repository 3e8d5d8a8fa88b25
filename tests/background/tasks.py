"""Tasks that the tests enqueue. What they did can be read in the audit log, one entry for each effect."""

import os
import time
from pathlib import Path
from threading import Event

from django.db import transaction

from messaging.models import AuditEntry
from messaging.models.db.tasks import task

WORD = "xylophone"  # stands for a person's words
STEPS, PAUSE_AT = 10, 5
PAUSE_FILE = (
    "TEST_PAUSE_FILE"  # the environment variable that names a file: while it is there, `count` pauses
)

started, released = Event(), Event()


def effects() -> list[int]:
    """The numbers that tasks noted, in order."""
    entries = AuditEntry.objects.filter(act="noted").values_list("details", flat=True)
    return sorted(details["number"] for details in entries)


def _note(number: int) -> None:
    AuditEntry.objects.create(act="noted", details={"number": number})


@task()
def note(number: int) -> None:
    _note(number)


@task()
def count(steps: int) -> None:
    """Note 1 to `steps`, each in a transaction; goes on from what was committed."""
    while (number := len(effects()) + 1) <= steps:
        with transaction.atomic():
            _note(number)
        if number == PAUSE_AT:
            _pause()


def _pause() -> None:
    file = os.environ.get(PAUSE_FILE)
    while file and Path(file).exists():
        time.sleep(0.01)


@task()
def fail(number: int) -> None:
    """Write a row, which is rolled back, and fail. The exception's message, cause and local variables contain
    a person's words."""
    words = f"{WORD} {number}"
    with transaction.atomic():
        AuditEntry.objects.create(act="noted", details={"number": number})
        try:
            raise LookupError(words)
        except LookupError as error:
            raise ValueError(f"Cannot send {words!r}.") from error


@task()
def exit_process(number: int) -> None:
    raise SystemExit(number)


@task()
def wait_for_release(number: int) -> None:
    started.set()
    if not released.wait(60):
        raise TimeoutError
    _note(number)


def plain_function() -> None:
    """Not a task. After an upgrade a stored row may name a function like this."""


@task()
def tick() -> None:
    """Periodic work."""
