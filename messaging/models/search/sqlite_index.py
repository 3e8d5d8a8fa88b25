"""The full-text index on SQLite: an FTS5 table over the rows of `SearchText`, which triggers keep.

A Python whose SQLite was built without FTS5 has none. Then the rows themselves are compared
(`phrase_index.py`).
"""

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core import checks
from django.db import connection

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

NAME: Final = "messaging_searchindex"
# FTS5 reads the texts from the table (external content), so that they are stored once. To take a text out of
# the index it has to be told the text again, which only a trigger knows for certain.
STATEMENTS: Final = (
    """
    CREATE VIRTUAL TABLE messaging_searchindex USING fts5(
        text, content = 'messaging_searchtext', content_rowid = 'message_id', tokenize = 'unicode61'
    )
    """,
    """
    CREATE TRIGGER messaging_searchtext_added AFTER INSERT ON messaging_searchtext BEGIN
        INSERT INTO messaging_searchindex (rowid, text) VALUES (new.message_id, new.text);
    END
    """,
    """
    CREATE TRIGGER messaging_searchtext_deleted AFTER DELETE ON messaging_searchtext BEGIN
        INSERT INTO messaging_searchindex (messaging_searchindex, rowid, text)
        VALUES ('delete', old.message_id, old.text);
    END
    """,
    """
    CREATE TRIGGER messaging_searchtext_changed AFTER UPDATE ON messaging_searchtext BEGIN
        INSERT INTO messaging_searchindex (messaging_searchindex, rowid, text)
        VALUES ('delete', old.message_id, old.text);
        INSERT INTO messaging_searchindex (rowid, text) VALUES (new.message_id, new.text);
    END
    """,
)


def can_have_index(database: "BaseDatabaseWrapper" = connection) -> bool:
    """Whether this SQLite has FTS5."""
    with database.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'")
        return cursor.fetchone() is not None


def has_index() -> bool:
    """Whether the database has a full-text index. On PostgreSQL it always has."""
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [NAME])
        return cursor.fetchone() is not None


def create_missing_index() -> None:
    """Make the index of all rows, if there is none and there can be one. Call it in a transaction."""
    if has_index() or not can_have_index():
        return
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement)
        cursor.execute(f"INSERT INTO {NAME} ({NAME}) VALUES ('rebuild')")  # noqa: S608  # nosec B608 - a constant


def check_index(app_configs: object, databases: object = None, **kwargs: object) -> list[checks.CheckMessage]:
    """A system check of databases, which `migrate` and so `serve` make."""
    if not databases or connection.vendor != "sqlite" or can_have_index():
        return []
    if has_index():
        return [
            checks.Error(
                "The SQLite of this Python has no FTS5, but this database has an index of it.",
                hint="Use the Python with which the database was made.",
                id="messaging.E001",
            )
        ]
    return [
        checks.Warning(
            "The SQLite of this Python has no FTS5, so searching is slow.",
            hint=f"Use another Python, then run `{settings.MANAGE} reindex`.",
            id="messaging.W001",
        )
    ]
