"""Rewriting SQLite's file (VACUUM) and its full-text index, so that no deleted text is left in them.

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
# A step took at most 91 ms with the words of a million messages.
PAGES_MERGED = 500
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
        _merge_indexes(cursor)  # so that the words of removed messages leave it within a day
        (stored,) = cursor.execute("PRAGMA user_version").fetchone()
        if stored == PENDING:
            _set_pending(cursor, not _rewrite(cursor))


def _rewrite(cursor: CursorWrapper) -> bool:
    """Returns whether the log could be truncated as well: a long read prevents it."""
    _merge_indexes(cursor)
    cursor.execute("VACUUM")
    busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        logger.warning(
            "Deleted texts are still in SQLite's write-ahead log: a long read prevented its truncation. "
            "It is tried again tomorrow."
        )
    return not busy


def _merge_indexes(cursor: CursorWrapper) -> None:
    """Make one segment of each full-text index, a little at a time.

    FTS5 only marks a deleted word, and forgets it when it merges the segments that contain it.
    """
    cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE %USING fts5%'")
    for (name,) in cursor.fetchall():
        step, changes = -PAGES_MERGED, 2  # the negative number includes segments that FTS5 would leave alone
        while changes >= 2:  # FTS5's sign that there is something left
            before = cursor.connection.total_changes
            cursor.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('merge', %s)", [step])  # noqa: S608 # nosec B608
            step, changes = PAGES_MERGED, cursor.connection.total_changes - before


def _set_pending(cursor: CursorWrapper, is_pending: bool) -> None:
    (before,) = cursor.execute("PRAGMA user_version").fetchone()
    if before != (PENDING if is_pending else 0):
        cursor.execute(f"PRAGMA user_version = {PENDING if is_pending else 0}")
