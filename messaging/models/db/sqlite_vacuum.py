"""SQLite's file, made anew: what was deleted is not in it then, wherever the database had moved it before.

`secure_delete` overwrites what is deleted, but not the copies that stay in a page when SQLite moves its rows
to another: of four databases of 1,500 messages one kept such words.
"""

import logging

from django.db import connection
from django.db.backends.utils import CursorWrapper

from messaging.models.db.tasks import task

logger = logging.getLogger(__name__)

# At the 80 MB a second that were measured, others wait for less than half a second.
AT_ONCE_BYTES = 32 * 2**20
OWED = 1  # as the file's own note, `user_version`: it travels with a copy of the file


def rewrite_the_file() -> None:
    """Make SQLite's file anew from what is left, and cut its log off, which holds the pages as they were.

    A large one stays as it is until `rewrite_what_is_owed`. Nothing is done on other databases.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        # Of several people who were deleted together the first one's turn did it: nothing was written since.
        _, pages_in_log, _ = cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if not pages_in_log:
            return
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        (size,) = cursor.execute("PRAGMA page_size").fetchone()
        if pages * size > AT_ONCE_BYTES:
            cursor.execute(f"PRAGMA user_version = {OWED}")
        else:
            _rewrite(cursor)


@task()
def rewrite_what_is_owed() -> None:
    """Once a day: do what was put off.

    Takes some 1.5 s for 200,000 messages: others can read meanwhile, and write after it. It waits for them as
    long as `timeout` in the settings says.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        (owed,) = cursor.execute("PRAGMA user_version").fetchone()
        if owed == OWED:
            _rewrite(cursor)
            cursor.execute("PRAGMA user_version = 0")


def _rewrite(cursor: CursorWrapper) -> None:
    cursor.execute("VACUUM")
    busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        logger.warning(
            "A person was deleted, but their words are still in SQLite's log: somebody is reading."
        )
