"""A Redis that hangs delays one request every few seconds, and not each of them (a circuit breaker)."""

from time import monotonic
from typing import Any

from redis import Connection, ConnectionPool
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import TimeoutError as NoAnswer

REST_SECONDS = 5


class RestingPool(ConnectionPool):
    """After a failed connection, none is tried for `REST_SECONDS`. Then a single call tries again.

    A Redis that is stopped refuses connections at once. But one that hangs, or is behind a firewall that
    drops packets, takes the whole timeout at each call. Without this pool a list with its page and its
    fragments waited 2 s, and blocked one of eight threads.
    """

    _rests_until = 0.0

    def get_connection(self, *args: Any, **options: Any) -> Connection:
        """Get a connection, as in redis-py.

        Raises:
            redis.exceptions.ConnectionError: Redis cannot be reached, or could not be reached a moment ago.
        """
        now = monotonic()
        if now < self._rests_until:
            raise NotConnected("Redis did not answer a moment ago.")
        if self._rests_until:
            self._rests_until = now + REST_SECONDS
        try:
            connection = super().get_connection(*args, **options)
        except (NotConnected, NoAnswer):
            self._rests_until = now + REST_SECONDS
            raise
        self._rests_until = 0.0
        return connection
