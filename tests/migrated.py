"""A copy of the test database as `migrate` made it, for installations that tests start.

Each further `migrate` of an empty database would take five seconds of the processor.
"""

import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection


def _copy() -> Path:
    return settings.VAR_DIR / "migrated.sqlite3"


def keep_copy() -> None:
    """Keep a copy of the test database, if it is SQLite. It must not have been written to yet."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(_copy())])


def begin_with_copy(environment: dict[str, str]) -> None:
    """Put the copy into an empty installation, whose `migrate` has nothing to do then.

    It does nothing on PostgreSQL, and where there is no copy: in a program, or if no test has used the test
    database yet.
    """
    database = Path(environment["PARLEY_VAR"], "parley.sqlite3")
    if settings.configured and "DATABASE_URL" not in environment and _copy().exists():
        assert not database.exists(), f"{database} is in use already."
        shutil.copyfile(_copy(), database)
        database.chmod(0o600)
