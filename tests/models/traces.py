"""Searches the database and the caches for a word."""

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
    """How often the word is in the database: in SQLite's raw file and log, or PostgreSQL's rows, and in data
    that is stored encoded (base64)."""
    return _unencoded(word) + sum(word.encode() in one for one in decoded_data())


def _unencoded(word: str) -> int:
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


def decoded_data() -> Iterator[bytes]:
    """What the database stores in base64, decoded: the data of sessions, and a cache in the database."""
    for session in Session.objects.all():
        yield repr(session.get_decoded()).encode()
    for alias in settings.CACHES:
        cache: Any = caches[alias]
        if isinstance(cache, DatabaseCache):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT value FROM {connection.ops.quote_name(cache._table)}")  # type: ignore[attr-defined]
                yield from (base64.b64decode(value) for (value,) in cursor.fetchall())


def encoded_sessions(word: str) -> list[bytes]:
    """The data of sessions that contain the word, as it is stored (encoded)."""
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
        # All keys of this Redis, read with GET, because DUMP is compressed.
        redis = client.get_client()
        for key in redis.scan_iter():
            assert redis.type(key) == b"string", key
            yield from (key, redis.get(key) or b"")


def cached(key: str) -> list[object]:
    """What the caches of pages and of messages hold under this key."""
    return [caches[alias].get(key) for alias in ("pages", "fragments")]
