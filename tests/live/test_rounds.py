"""The rounds of a hub end with its last stream, no matter who ended it."""

import asyncio
from typing import Any
from unittest import mock

from messaging.live import hub
from messaging.live.authorization import Visitor
from messaging.live.connection import Connection
from messaging.live.hub import Hub
from messaging.live.opening import Admission
from messaging.live.versions import SiteVersions


async def _ignore(message: dict[str, Any]) -> None:
    pass


async def _rounds_after_the_last_stream() -> int:
    current = Hub()
    connection = Connection(_ignore, Visitor("key", 1, "hash", 0))
    rounds = 0

    async def end_the_stream(is_tick: bool) -> None:
        nonlocal rounds
        rounds += 1
        await asyncio.sleep(0)
        current.leave(connection)

    with (
        mock.patch.object(current, "_round", end_the_stream),
        mock.patch.object(current.people, "join"),
        # The next tick is always due: a timeout that has passed already swallows an earlier cancellation.
        mock.patch.object(hub, "TICK_SECONDS", 0),
    ):
        current.join(connection, Admission(connection.visitor, SiteVersions("epoch", 1, 1)), None)
        for _ in range(50):
            await asyncio.sleep(0)
    return rounds


def test_a_round_that_ends_the_last_stream_is_the_last_one() -> None:
    assert asyncio.run(_rounds_after_the_last_stream()) == 1
