"""Wake-ups: "conversation 7 changed". They say that there is something to read, never what it is.

Within a process a wake-up is a call; with REDIS_URL every other process gets it by pub/sub, from a management
command or a shell too. A lost one does no harm: each process looks by itself every two seconds.
"""

import json
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 0.5
PAUSE_SECONDS = 2  # after a failure: a Redis that does not answer must not hold up every request
OPTIONS: dict[str, Any] = {"socket_connect_timeout": TIMEOUT_SECONDS, "health_check_interval": 10}
PROCESS = secrets.token_hex(8)


@dataclass(frozen=True)
class Wakeup:
    """What changed, by ids; who types where: (conversation, the thread's root or None, person)."""

    conversations: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    installation: bool = False
    typing: tuple[int, int | None, int] | None = None


listeners: set[Callable[[Wakeup], None]] = set()  # of this process; each returns at once, on any thread


def send(wakeup: Wakeup) -> None:
    """Tell every process, this one first. From any thread, never raises, takes half a second at most."""
    for listener in list(listeners):
        listener(wakeup)
    if settings.REDIS_URL:
        _publisher().publish(encode("wakeup", asdict(wakeup)))


def encode(kind: str, content: Any) -> str:
    """A message between processes. Each leaves out what it sent itself."""
    return json.dumps({"from": PROCESS, "kind": kind, "content": content}, default=sorted)


def decode_wakeup(content: dict[str, Any]) -> Wakeup:
    """Raises KeyError, TypeError or ValueError where it is none."""
    typing = content["typing"]
    if typing is not None:
        conversation, thread, person = typing
        typing = (int(conversation), None if thread is None else int(thread), int(person))
    return Wakeup(
        frozenset(map(int, content["conversations"])),
        frozenset(map(int, content["people"])),
        bool(content["installation"]),
        typing,
    )


@cache
def channel() -> str:
    """Of this installation alone: Redis may be other programs' too, and its channels know no databases."""
    return f"parley:live:{salted_hmac('messaging.live', 'channel').hexdigest()[:16]}"


class Publisher:
    """Says it to Redis. Where Redis does not answer it keeps quiet for a while."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._silent_until = 0.0

    @cached_property
    def _redis(self) -> Redis:
        retry = Retry(NoBackoff(), 0)
        return Redis.from_url(self._address, socket_timeout=TIMEOUT_SECONDS, retry=retry, **OPTIONS)

    def publish(self, message: str) -> None:
        if time.monotonic() < self._silent_until:
            return
        try:
            self._redis.publish(channel(), message)
        except (RedisError, OSError, ValueError) as error:
            self._silent_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("Redis could not be told that something changed: %s", error)


@cache
def _publisher() -> Publisher:
    return Publisher(settings.REDIS_URL)
