"""Redis is asked only while it answers: one that hangs costs a moment once, and not in every request."""

from time import monotonic
from typing import Any

from redis import Connection, ConnectionPool
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import TimeoutError as NoAnswer

REST_SECONDS = 5


class RestingPool(ConnectionPool):
    """After a connection failed, none is tried for `REST_SECONDS`; then whoever comes first tries for all.

    A Redis that is stopped refuses at once. One that hangs, or that a firewall swallows, took the timeout
    at each call: a list with its page and its fragments waited 2 s, with one of eight threads.
    """

    _rests_until = 0.0

    def get_connection(self, *args: Any, **options: Any) -> Connection:
        """As redis-py's.

        Raises:
            redis.exceptions.ConnectionError: Redis cannot be reached, or could not a moment ago.
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
