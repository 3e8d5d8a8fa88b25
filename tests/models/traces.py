"""Where words could be left behind."""

from pathlib import Path

from django.core.cache import caches
from django.db import connection


def traces(word: str) -> int:
    """How often the word stands in the database: in SQLite's raw file and log, or PostgreSQL's rows."""
    if connection.vendor == "sqlite":
        file = Path(connection.settings_dict["NAME"])
        log = file.with_name(f"{file.name}-wal")
        return sum(path.read_bytes().count(word.encode()) for path in (file, log))
    found = 0
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT count(*) FROM {name} AS one WHERE one::text LIKE %s", [f"%{word}%"])
            found += cursor.fetchone()[0]
    return found


def cached(key: str) -> list[object]:
    """What the caches of pages and of messages hold under this key."""
    return [caches[alias].get(key) for alias in ("pages", "fragments")]
