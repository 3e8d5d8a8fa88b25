"""The product's pool for Redis, which records each failed attempt to get a connection."""

from pathlib import Path
from typing import Any

from django.conf import settings
from redis import Connection, ConnectionPool

from messaging.caching.redis_pool import RestingPool

NOTES = "redis-attempts"  # in the folder of the server process


class _Noting(ConnectionPool):
    def get_connection(self, *args: Any, **options: Any) -> Connection:
        timeouts = [self.connection_kwargs[name] for name in ("socket_connect_timeout", "socket_timeout")]
        try:
            return super().get_connection(*args, **options)
        except Exception:
            with (Path(settings.VAR_DIR) / NOTES).open("a") as notes:
                notes.write(f"{max(timeouts)}\n")
            raise


class NotedPool(RestingPool, _Noting):
    """A RestingPool whose base pool is `_Noting`."""
