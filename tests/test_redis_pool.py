"""The pool that lets a Redis rest which does not answer."""

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
def wait(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands still: what is added to it has passed."""
    passed = [1000.0]
    monkeypatch.setattr(redis_pool, "monotonic", lambda: sum(passed))
    return passed


def attempts(pool: RestingPool, number: int) -> int:
    """How often it is tried to connect when so many ask."""
    before = Wire.attempts
    for _ in range(number):
        with suppress(NotConnected, NoAnswer):
            pool.release(pool.get_connection())
    return Wire.attempts - before


@pytest.mark.parametrize("trouble", [NotConnected, NoAnswer])
def test_redis_is_left_alone_after_a_failure_and_asked_once_later(
    pool: RestingPool, wait: list[float], trouble: type[RedisError]
) -> None:
    assert attempts(pool, 3) == 3
    Wire.trouble = trouble
    assert attempts(pool, 3) == 1
    wait.append(REST_SECONDS - 0.1)
    assert attempts(pool, 3) == 0
    wait.append(0.2)
    assert attempts(pool, 3) == 1
    wait.append(REST_SECONDS)
    Wire.trouble = None
    assert attempts(pool, 3) == 3


def test_while_one_tries_again_the_others_do_not_wait(
    pool: RestingPool, wait: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    Wire.trouble = NoAnswer
    attempts(pool, 1)
    wait.append(REST_SECONDS)
    meanwhile: list[int] = []

    def connect(wire: Wire) -> None:
        Wire.attempts += 1
        meanwhile.append(attempts(pool, 3))

    monkeypatch.setattr(Wire, "connect", connect)
    assert attempts(pool, 1) == 1
    assert meanwhile == [0]
