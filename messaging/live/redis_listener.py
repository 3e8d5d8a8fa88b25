"""What a process receives from the other processes through Redis: wake-ups, and who is online there."""

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

HEARTBEAT_SECONDS = 4.0  # how often each process publishes who is online in it
# A process receives its own heartbeats too. If none comes for this long, the connection is broken.
TIMEOUT_SECONDS = 3 * HEARTBEAT_SECONDS
MAX_RETRY_SECONDS = 5.0

jitter = SystemRandom()


class Listener(Protocol):
    presence: Presence

    def wake(self, wakeup: Wakeup) -> None: ...


class RedisListener:
    """Passes on what comes from Redis, and publishes who is online in this process.

    It reconnects for as long as the process runs. While Redis cannot be reached, the regular check of the hub
    finds all changes.
    """

    def __init__(self, address: str, listener: Listener) -> None:
        self._address = address
        self._listener = listener
        self._presence_changed: asyncio.Event = asyncio.Event()
        self._task = asyncio.ensure_future(self._run())

    def publish_presence(self) -> None:
        """Tell the other processes at once who is online here."""
        self._presence_changed.set()

    async def _run(self) -> None:
        pause = 0.0
        while True:
            try:
                async with self._connected() as (redis, pubsub):
                    pause = 0.0
                    await self._listen(redis, pubsub)
            except (RedisError, OSError, TimeoutError) as error:
                logger.warning("Redis cannot be reached, so changes show a little later: %s", error)
            pause = min(2 * pause or 0.25, MAX_RETRY_SECONDS)
            await asyncio.sleep(pause * jitter.uniform(0.5, 1))

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[tuple[Redis, PubSub]]:
        """A connection apart from those of the caches, since its reads may take as long as a heartbeat."""
        redis = Redis.from_url(
            self._address, retry=Retry(NoBackoff(), 0), socket_timeout=TIMEOUT_SECONDS, **OPTIONS
        )
        async with redis, redis.pubsub() as pubsub:
            await pubsub.subscribe(channel())
            yield redis, pubsub

    async def _listen(self, redis: Redis, pubsub: PubSub) -> None:
        heartbeats = asyncio.ensure_future(self._send_heartbeats(redis))
        try:
            while True:
                async with asyncio.timeout(TIMEOUT_SECONDS):
                    message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=None)
                if message:
                    self._handle(message["data"])
        finally:
            heartbeats.cancel()
            with suppress(asyncio.CancelledError, RedisError, OSError):
                await heartbeats

    async def _send_heartbeats(self, redis: Redis) -> None:
        while True:
            self._presence_changed.clear()
            await redis.publish(channel(), encode("online", self._listener.presence.local))
            with suppress(TimeoutError):
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await self._presence_changed.wait()

    def _handle(self, data: bytes) -> None:
        """Everybody who can reach Redis can publish there, so a malformed message is logged and ignored."""
        try:
            message: dict[str, Any] = json.loads(data)
            process, kind, content = message["from"], message["kind"], message["content"]
            if process == PROCESS:
                return
            if kind == "wakeup":
                self._listener.wake(decode_wakeup(content))
            elif kind == "online":
                if self._listener.presence.update_process(str(process), [int(one) for one in content]):
                    self.publish_presence()
                self._listener.wake(Wakeup())
        except (KeyError, TypeError, ValueError) as error:
            logger.warning("Redis delivered a malformed message: %r", error)
