"""The disk and the clock."""

import shutil
import subprocess  # nosec B404 - one fixed program
from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection

from messaging.health.finding import Finding, fault, warning, well
from messaging.health.ready import LEAST_BYTES

_WELL_BYTES = 10 * LEAST_BYTES
_MOST_SECONDS = 5  # by which clocks may differ; codes of authenticator apps change every 30
_GIGABYTE = 1024**3


def check() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.VAR_DIR).free
    says = f"The disk of {settings.VAR_DIR} has {free / _GIGABYTE:.1f} GB left"
    if free < LEAST_BYTES:
        yield fault(f"{says}: soon nothing can be written.", "Make room, or move PARLEY_VAR.")
    elif free < _WELL_BYTES:
        yield warning(f"{says}.", "Make room, or move PARLEY_VAR.")
    else:
        yield well(f"{says}.")
    yield _clock()


def _clock() -> Finding:
    advice = "Switch on time synchronisation (timedatectl set-ntp true). Codes of apps depend on it."
    known = "could not be checked here"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            differs = abs((datetime.now(UTC) - cursor.fetchone()[0]).total_seconds())
        if differs > _MOST_SECONDS:
            return fault(f"The clock differs by {differs:.0f} s from that of PostgreSQL.", advice)
        known = "agrees with that of PostgreSQL"
    program = shutil.which("timedatectl")
    if program:
        done = subprocess.run(  # noqa: S603  # nosec B603
            [program, "show", "--property=NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
        said = done.stdout.strip()
        if said == "no":
            return warning("The clock is not synchronised.", advice)
        if said == "yes":
            known = "is synchronised"
    return well(f"The clock {known}. It is {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.")
