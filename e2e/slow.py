"""With PARLEY_TEST_SLOW=1 all browser tests run as on a machine that is busy with other things.

    PARLEY_TEST_SLOW=1 python -m pytest e2e/messages

Requests, answers and the events of streams come late, scripts run slowly, and the test itself stops now and
then; each for a random time, so that of two things that happen at once either may come first. A test that
fails has met an order for which it, or Parley, is not prepared. The number is the seed: another one gives
other times.
"""

import asyncio
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, Scope
from playwright._impl.transport import Transport
from playwright.sync_api import BrowserContext, Error, Page

SEED: Final = os.environ.get("PARLEY_TEST_SLOW", "")
LONGEST_SECONDS: Final = 2.0  # of one delay
MOST_THROTTLING: Final = 4  # how many times as long a script may run; it keeps a processor busy meanwhile
TEST_STOPS: Final = 0.1  # the share of the test's own steps before which it stops

_random = random.Random(SEED)


def delay(longest: float = LONGEST_SECONDS) -> float:
    """Seconds: mostly short, sometimes long."""
    return longest * _random.random() ** 4


def slowed(application: ASGI3Application) -> ASGI3Application:
    """The same application, whose requests begin late and whose answers come late."""

    async def slow(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        async def send_late(event: ASGISendEvent) -> None:
            await asyncio.sleep(delay())
            await send(event)

        await asyncio.sleep(delay())
        await application(scope, receive, send_late)

    return slow if SEED else application


def watch(context: BrowserContext) -> None:
    """Run the scripts of this browser profile's pages slowly, each page's by another factor."""

    def throttle(page: Page) -> None:
        try:
            session = context.new_cdp_session(page)
            session.send("Emulation.setCPUThrottlingRate", {"rate": _random.uniform(1, MOST_THROTTLING)})
        except Error:  # it is closed already
            return

    if SEED:
        context.on("page", throttle)


@contextmanager
def stopping_now_and_then() -> Iterator[None]:
    """The test's own process stops before some of what it asks of the browser."""
    write = Transport.serialize_message

    def serialize_message(self: Transport, message: dict[str, Any]) -> bytes:
        if _random.random() < TEST_STOPS:
            time.sleep(delay())
        return write(self, message)

    with pytest.MonkeyPatch.context() as patch:
        if SEED:
            patch.setattr(Transport, "serialize_message", serialize_message)
        yield
