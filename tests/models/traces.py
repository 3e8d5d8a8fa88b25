"""Where words could be left behind."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection

from messaging.models import Session


def traces(word: str) -> int:
    """How often the word stands in the database: in SQLite's raw file and log, or PostgreSQL's rows; and in
    what is packed there, where it cannot be read as it is."""
    return _as_it_is(word) + sum(word.encode() in one for one in packed_in_database())


def _as_it_is(word: str) -> int:
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


def packed_in_database() -> Iterator[bytes]:
    """What the database holds in base64, unpacked: the data of sessions, and a cache that is kept in it."""
    for session in Session.objects.all():
        yield repr(session.get_decoded()).encode()
    for alias in settings.CACHES:
        cache: Any = caches[alias]
        if isinstance(cache, DatabaseCache):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT value FROM {connection.ops.quote_name(cache._table)}")  # type: ignore[attr-defined]
                yield from (base64.b64decode(value) for (value,) in cursor.fetchall())


def packed_sessions(word: str) -> list[bytes]:
    """The data of sessions that hold the word, as it stands in the database's file."""
    return [one.session_data.encode() for one in Session.objects.all() if word in repr(one.get_decoded())]


def in_caches(word: str) -> list[str]:
    """The aliases of the caches outside the database that hold the word, in a key or in a value."""
    return [
        alias for alias in settings.CACHES if any(word.encode() in one for one in _kept_by(caches[alias]))
    ]


def _kept_by(cache: Any) -> Iterator[bytes]:
    if isinstance(cache, LocMemCache):
        yield repr(list(cache._cache)).encode()  # type: ignore[attr-defined]
        yield from cache._cache.values()  # type: ignore[attr-defined]
    elif client := getattr(cache, "client", None):
        # All of that Redis, and not as its DUMP, which is compressed.
        redis = client.get_client()
        for key in redis.scan_iter():
            assert redis.type(key) == b"string", key
            yield from (key, redis.get(key) or b"")


def cached(key: str) -> list[object]:
    """What the caches of pages and of messages hold under this key."""
    return [caches[alias].get(key) for alias in ("pages", "fragments")]
