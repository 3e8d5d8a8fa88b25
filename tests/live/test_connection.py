"""Writing to one reader, who may be slow: without a task while they keep up, bounded when they do not."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from messaging.live import connection as module
from messaging.live.authorization import Visitor
from messaging.live.connection import Connection
from messaging.live.sse_format import REPLACED, RESET

Message = dict[str, Any]


class Reader:
    """The server's side of a connection: takes what is sent, unless `paused`."""

    def __init__(self) -> None:
        self.got: list[Message] = []
        self.paused = False
        self.fails = False
        self._goes_on = asyncio.Event()

    async def send(self, message: Message) -> None:
        while self.paused:
            await self._goes_on.wait()
        if self.fails:
            raise ConnectionResetError
        self.got.append(message)

    async def run_batch(self) -> None:
        self.paused = False
        self._goes_on.set()
        for _ in range(5):
            await asyncio.sleep(0)

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.got)


def together(test: Callable[[Reader, Connection], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """Runs a test in an event loop with a reader and the connection to them."""

    async def run() -> None:
        reader = Reader()
        connection = Connection(reader.send, Visitor("key", 1, "hash", 0))
        connection.conversation_id = 7
        await test(reader, connection)
        assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []

    def wrapped() -> None:
        asyncio.run(run())

    wrapped.__name__ = test.__name__
    return wrapped


@together
async def test_fast_reader_is_written_to_directly(reader: Reader, connection: Connection) -> None:
    connection.write(b"one")
    connection.write(b"two")
    assert reader.body == b"onetwo"
    assert len(asyncio.all_tasks()) == 1


@together
async def test_buffer_of_a_slow_reader_is_sent_in_one_write_and_in_order(
    reader: Reader, connection: Connection
) -> None:
    connection.write(b"0")
    reader.paused = True
    for number in range(1, 6):
        connection.write(b"%d" % number)
    assert reader.body == b"0"
    await reader.run_batch()
    assert [message["body"] for message in reader.got] == [b"0", b"1", b"2345"]
    connection.write(b"6")
    assert reader.body == b"0123456"


@together
async def test_slow_connection_is_reset_and_gets_no_more_messages(
    reader: Reader, connection: Connection
) -> None:
    reader.paused = True
    for _ in range(module.BUFFER_BYTES // 1000 + 2):
        connection.write(b"m" * 1000)
    assert connection.conversation_id is None
    assert not connection.is_over
    await reader.run_batch()
    assert reader.body == b"m" * 1000 + RESET


@together
async def test_connection_that_reads_nothing_at_all_is_closed(reader: Reader, connection: Connection) -> None:
    reader.paused = True
    for _ in range(3 * module.BUFFER_BYTES // 1000):
        connection.write(b"m" * 1000)
    assert connection.is_over
    await reader.run_batch()
    assert reader.got[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
    assert len(reader.body) == 1000


@together
async def test_the_end_drops_what_waits(reader: Reader, connection: Connection) -> None:
    reader.paused = True
    connection.write(b"under way")
    connection.write(b"after it")
    connection.end(REPLACED)
    connection.write(b"too late")
    await reader.run_batch()
    assert reader.body == b"under way" + REPLACED
    assert [message["more_body"] for message in reader.got] == [True, False]


@together
async def test_nothing_follows_the_end(reader: Reader, connection: Connection) -> None:
    connection.end(b"last")
    connection.end(b"again")
    connection.write(b"more")
    assert reader.got == [{"type": "http.response.body", "body": b"last", "more_body": False}]


@pytest.mark.parametrize("paused", [False, True])
def test_a_lost_connection_is_over(paused: bool) -> None:
    @together
    async def test(reader: Reader, connection: Connection) -> None:
        reader.fails, reader.paused = True, paused
        connection.write(b"one")
        await reader.run_batch()
        assert connection.is_over

    test()
