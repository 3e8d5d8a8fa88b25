"""What a process hears from the others through Redis: wake-ups, and who is online there."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from random import SystemRandom
from typing import Any, Protocol

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from messaging.live.presence import Presence
from messaging.live.wakeups import OPTIONS, PROCESS, Wakeup, channel, decode_wakeup, encode

logger = logging.getLogger(__name__)

HELLO_SECONDS = 4.0  # every so often each process says who is online with it
DEAF_SECONDS = 3 * HELLO_SECONDS  # one's own is heard too: without it the connection is broken
LONGEST_PAUSE_SECONDS = 5.0

chance = SystemRandom()


class Listener(Protocol):
    presence: Presence

    def woken_by(self, wakeup: Wakeup) -> None: ...


class RedisListener:
    """It connects again for as long as the process lives; until then the tick carries everything."""

    def __init__(self, address: str, listener: Listener) -> None:
        self._address = address
        self._listener = listener
        self._said: asyncio.Event = asyncio.Event()
        self._task = asyncio.ensure_future(self._run())

    def say(self) -> None:
        """Others are online here than before: tell the other processes at once."""
        self._said.set()

    async def _run(self) -> None:
        pause = 0.0
        while True:
            try:
                async with self._connected() as (redis, pubsub):
                    pause = 0.0
                    await self._talk(redis, pubsub)
            except (RedisError, OSError, TimeoutError) as error:
                logger.warning("Redis is not heard, changes show a little later: %s", error)
            pause = min(2 * pause or 0.25, LONGEST_PAUSE_SECONDS)
            await asyncio.sleep(pause * chance.uniform(0.5, 1))

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[tuple[Redis, PubSub]]:
        """A connection of its own: what it waits for may take long, and a broken one has to be noticed."""
        redis = Redis.from_url(
            self._address, retry=Retry(NoBackoff(), 0), socket_timeout=DEAF_SECONDS, **OPTIONS
        )
        async with redis, redis.pubsub() as pubsub:
            await pubsub.subscribe(channel())
            yield redis, pubsub

    async def _talk(self, redis: Redis, pubsub: PubSub) -> None:
        saying = asyncio.ensure_future(self._say(redis))
        try:
            while True:
                async with asyncio.timeout(DEAF_SECONDS):
                    message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=None)
                if message:
                    self._heard(message["data"])
        finally:
            saying.cancel()
            with suppress(asyncio.CancelledError, RedisError, OSError):
                await saying

    async def _say(self, redis: Redis) -> None:
        while True:
            self._said.clear()
            await redis.publish(channel(), encode("online", self._listener.presence.here))
            with suppress(TimeoutError):
                async with asyncio.timeout(HELLO_SECONDS):
                    await self._said.wait()

    def _heard(self, data: bytes) -> None:
        """Anybody who reaches Redis could write there: what is no message of ours is passed over."""
        try:
            message: dict[str, Any] = json.loads(data)
            process, kind, content = message["from"], message["kind"], message["content"]
            if process == PROCESS:
                return
            if kind == "wakeup":
                self._listener.woken_by(decode_wakeup(content))
            elif kind == "online":
                if self._listener.presence.heard(str(process), [int(one) for one in content]):
                    self.say()
                self._listener.woken_by(Wakeup())
        except (KeyError, TypeError, ValueError) as error:
            logger.warning("Redis brought a message that is not understood: %r", error)
