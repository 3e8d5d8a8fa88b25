"""Rewriting SQLite's file (VACUUM), so that no deleted text is left in it.

`secure_delete` overwrites deleted rows, but not the copies that stay in a page when SQLite moves its rows to
another page: one of four databases of 1,500 messages kept such text.
"""

import logging

from django.db import connection
from django.db.backends.utils import CursorWrapper

from messaging.models.db.tasks import task

logger = logging.getLogger(__name__)

# At the measured 80 MB a second, other writers wait for less than half a second.
AT_ONCE_BYTES = 32 * 2**20
PENDING = 1  # stored in the file's own `user_version`, so that a copy of the file has it too


def vacuum_or_postpone() -> None:
    """Rewrite SQLite's file, and truncate its log, which holds the old pages.

    A large file is left to `vacuum_if_pending`. Nothing is done on other databases.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        # No pages: nothing was written since the last rewrite, as when several people are deleted together.
        _, pages_in_log, _ = cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if not pages_in_log:
            return
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        (size,) = cursor.execute("PRAGMA page_size").fetchone()
        if pages * size > AT_ONCE_BYTES:
            _set_pending(cursor, True)
        else:
            _set_pending(cursor, not _rewrite(cursor))


@task()
def vacuum_if_pending() -> None:
    """Periodic: rewrite a large file, if something was deleted from it.

    It takes about 1.5 s for 200,000 messages. Others can read meanwhile, and write after it. It waits for
    them as long as `timeout` in the settings says.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        (stored,) = cursor.execute("PRAGMA user_version").fetchone()
        if stored == PENDING:
            _set_pending(cursor, not _rewrite(cursor))


def _rewrite(cursor: CursorWrapper) -> bool:
    """Returns whether the log could be truncated as well: a long read prevents it."""
    cursor.execute("VACUUM")
    busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        logger.warning(
            "Deleted texts are still in SQLite's write-ahead log: a long read prevented its truncation. "
            "It is tried again tomorrow."
        )
    return not busy


def _set_pending(cursor: CursorWrapper, is_pending: bool) -> None:
    (before,) = cursor.execute("PRAGMA user_version").fetchone()
    if before != (PENDING if is_pending else 0):
        cursor.execute(f"PRAGMA user_version = {PENDING if is_pending else 0}")
