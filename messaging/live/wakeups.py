"""Wake-ups: "conversation 7 changed". A wake-up says that there is something new to read, never what.

Within a process a wake-up is a function call. With REDIS_URL every other process receives it by pub/sub, also
from a management command or a shell. A lost wake-up does no harm: each process checks every two seconds.
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
PAUSE_SECONDS = 2  # after a failure, so that a Redis that does not answer does not delay every request
OPTIONS: dict[str, Any] = {"socket_connect_timeout": TIMEOUT_SECONDS, "health_check_interval": 10}
PROCESS = secrets.token_hex(8)


@dataclass(frozen=True)
class Wakeup:
    """The ids of what changed.

    `typing` is (conversation, the thread's root or None, the person, whether they type or have stopped).
    """

    conversations: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    installation: bool = False
    typing: tuple[int, int | None, int, bool] | None = None

    def __or__(self, other: "Wakeup") -> "Wakeup":
        """The conversations and people of both. `typing` is handled at once, and `installation` needs no id,
        so both are left out."""
        return Wakeup(self.conversations | other.conversations, self.people | other.people)


# Of this process. They are called from any thread, and must return at once.
listeners: set[Callable[[Wakeup], None]] = set()


def send(wakeup: Wakeup) -> None:
    """Wake every process, this one first. Callable from any thread; never raises; half a second at most."""
    for listener in list(listeners):
        listener(wakeup)
    if settings.REDIS_URL:
        _publisher().publish(encode("wakeup", asdict(wakeup)))


def encode(kind: str, content: Any) -> str:
    """A message to other processes. A process ignores the messages that it sent itself."""
    return json.dumps({"from": PROCESS, "kind": kind, "content": content}, default=sorted)


def decode_wakeup(content: dict[str, Any]) -> Wakeup:
    """The wake-up in a message. Raises KeyError, TypeError or ValueError if there is none."""
    typing = content["typing"]
    if typing is not None:
        conversation, thread, person, is_typing = typing
        typing = (int(conversation), None if thread is None else int(thread), int(person), bool(is_typing))
    return Wakeup(
        frozenset(map(int, content["conversations"])),
        frozenset(map(int, content["people"])),
        bool(content["installation"]),
        typing,
    )


@cache
def channel() -> str:
    """A channel for this installation only.

    Other programs may use the same Redis, and its channels are not separated by database number.
    """
    return f"parley:live:{salted_hmac('messaging.live', 'channel').hexdigest()[:16]}"


class Publisher:
    """Publishes to Redis. After a failure it publishes nothing for PAUSE_SECONDS."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._paused_until = 0.0

    @cached_property
    def _redis(self) -> Redis:
        retry = Retry(NoBackoff(), 0)
        return Redis.from_url(self._address, socket_timeout=TIMEOUT_SECONDS, retry=retry, **OPTIONS)

    def publish(self, message: str) -> None:
        if time.monotonic() < self._paused_until:
            return
        try:
            self._redis.publish(channel(), message)
        except (RedisError, OSError, ValueError) as error:
            self._paused_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("A wake-up could not be published to Redis: %s", error)


@cache
def _publisher() -> Publisher:
    return Publisher(settings.REDIS_URL)
