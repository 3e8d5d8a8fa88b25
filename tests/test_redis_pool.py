"""The connection pool that stops asking a Redis that does not answer, for a while."""

from contextlib import suppress

import pytest
from redis import Connection
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as NoAnswer

from messaging.caching import redis_pool
from messaging.caching.redis_pool import REST_SECONDS, RestingPool


class Wire(Connection):
    """A connection to a Redis that may be in trouble."""

    trouble: type[RedisError] | None = None
    attempts = 0

    def connect(self) -> None:
        Wire.attempts += 1
        if Wire.trouble:
            raise Wire.trouble("in trouble")

    def can_read(self, timeout: float = 0) -> bool:
        return False


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> RestingPool:
    monkeypatch.setattr(Wire, "attempts", 0)
    monkeypatch.setattr(Wire, "trouble", None)
    return RestingPool(connection_class=Wire)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that does not move by itself: append the seconds that have passed."""
    passed = [1000.0]
    monkeypatch.setattr(redis_pool, "monotonic", lambda: sum(passed))
    return passed


def attempts(pool: RestingPool, number: int) -> int:
    """The number of connection attempts for `number` requests."""
    before = Wire.attempts
    for _ in range(number):
        with suppress(NotConnected, NoAnswer):
            pool.release(pool.get_connection())
    return Wire.attempts - before


@pytest.mark.parametrize("trouble", [NotConnected, NoAnswer])
def test_after_a_failure_redis_is_not_asked_for_a_while_and_then_once(
    pool: RestingPool, clock: list[float], trouble: type[RedisError]
) -> None:
    assert attempts(pool, 3) == 3
    Wire.trouble = trouble
    assert attempts(pool, 3) == 1
    clock.append(REST_SECONDS - 0.1)
    assert attempts(pool, 3) == 0
    clock.append(0.2)
    assert attempts(pool, 3) == 1
    clock.append(REST_SECONDS)
    Wire.trouble = None
    assert attempts(pool, 3) == 3


def test_while_one_request_tries_again_the_others_do_not_wait(
    pool: RestingPool, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    Wire.trouble = NoAnswer
    attempts(pool, 1)
    clock.append(REST_SECONDS)
    meanwhile: list[int] = []

    def connect(wire: Wire) -> None:
        Wire.attempts += 1
        meanwhile.append(attempts(pool, 3))

    monkeypatch.setattr(Wire, "connect", connect)
    assert attempts(pool, 1) == 1
    assert meanwhile == [0]
