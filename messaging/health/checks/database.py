"""The database: its version, migrations, log and locks."""

import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection, transaction

from messaging.health.checks.configuration import rights
from messaging.health.finding import Finding, fault, warning, well
from messaging.health.other_version import other_version
from messaging.health.ready import is_migrated
from messaging.models.search.sqlite_index import can_have_index

_LOG_BYTES = 256 * 1024 * 1024
_LONG_SECONDS = 300


def check() -> Iterator[Finding]:
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = (str(error).strip().splitlines() or ["no reason given"])[0]
        yield fault(f"The database cannot be reached: {reason}", "Check DATABASE_URL, and that it runs.")
        return
    if other := other_version(connection):
        yield fault(*other)
    elif is_migrated():
        yield well("The database is migrated.")
    else:
        yield fault(
            "Migrations are missing.",
            f"Run {settings.MANAGE} migrate, or start Parley by {settings.MANAGE} serve.",
        )
    yield from _sqlite() if connection.vendor == "sqlite" else _postgresql()


def _sqlite() -> Iterator[Finding]:
    version = ".".join(map(str, connection.get_database_version()))
    with connection.cursor() as cursor:
        (mode,) = cursor.execute("PRAGMA journal_mode").fetchone()
    if mode != "wal":
        yield fault(
            f"SQLite {version} does not use its WAL mode, so readers and writers wait for each other.",
            "Keep PARLEY_VAR on a disk of this machine: network file systems do not allow it.",
        )
    elif not can_have_index():
        yield warning(f"SQLite {version} has no FTS5, so searching is slow.", "Use another Python.")
    else:
        yield well(f"SQLite {version} uses its WAL mode.")
    path = Path(connection.settings_dict["NAME"])
    yield from rights(path, "The database")
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        yield warning(
            f"SQLite's log has {log.stat().st_size // 1024**2} MB: it is not emptied.",
            "Start Litestream, or remove PARLEY_SQLITE_AUTOCHECKPOINT; or end a program that reads for long.",
        )
    yield _writing()


def _writing() -> Finding:
    begun = time.monotonic()
    try:
        with transaction.atomic():
            pass
    except OperationalError:
        return fault(
            "Nobody can write: something holds the lock of the database.",
            "Find the program that has it open (fuser), and end it.",
        )
    return well(f"Writing waits for {(time.monotonic() - begun) * 1000:.0f} ms.")


def _postgresql() -> Iterator[Finding]:
    version = connection.get_database_version()
    yield well(f"PostgreSQL {'.'.join(map(str, version))} answers.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), current_setting('max_connections')::int, "
            "count(*) FILTER (WHERE now() - xact_start > %s * interval '1 second' "
            "AND datname = current_database() AND pid <> pg_backend_pid()) "
            "FROM pg_stat_activity WHERE backend_type = 'client backend'",
            [_LONG_SECONDS],
        )
        used, most, long = cursor.fetchone()
    if used > most * 0.8:
        yield warning(f"{used} of {most} connections are used.", "Raise max_connections of PostgreSQL.")
    if long:
        yield warning(
            f"{long} transactions have run for more than {_LONG_SECONDS // 60} minutes.",
            "Look at pg_stat_activity: what they locked keeps others waiting.",
        )
    if not settings.REDIS_URL:
        yield well("Without REDIS_URL several processes show changes of each other up to 2 s later.")
