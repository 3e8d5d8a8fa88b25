"""The load generator of `bench.live` counts each message once, however its bytes are divided."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from bench.generator import Generator
from bench.live import steady

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def answer(listening: socket.socket, pieces: list[bytes]) -> None:
    """Accept one stream, and send the pieces one after the other as soon as the client has them."""
    connection, _ = listening.accept()
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.recv(2**16)
        for piece in pieces:
            connection.sendall(piece)


@pytest.mark.parametrize("step", [1, 7, 13, 40, 1000])
def test_each_message_is_counted_once(listening: socket.socket, step: int) -> None:
    events = b"".join(b'id: e.0.%d\ndata: <li id="m-%d">text</li>\n\n' % (one, one) for one in range(8, 13))
    pieces = [HEAD, *(events[start : start + step] for start in range(0, len(events), step))]
    server = threading.Thread(target=answer, args=(listening, pieces))
    server.start()
    with closing(Generator(listening.getsockname()[1])) as generator:
        generator.open([b"GET / HTTP/1.1\r\n\r\n"])
        generator.receive_until(lambda: generator.deliveries >= 5)
        server.join()  # it sends the rest to a client that is still there
        assert {pk: len(times) for pk, times in generator.arrivals.items()} == dict.fromkeys(range(8, 13), 1)


@pytest.mark.parametrize("head", [b"HTTP/1.1 503 Busy\r\n\r\n", b"HTTP/1.1 401 \r\n\r\n", b""])
def test_a_stream_that_is_refused_ends_the_measurement(listening: socket.socket, head: bytes) -> None:
    server = threading.Thread(target=answer, args=(listening, [head]))
    server.start()
    with (
        closing(Generator(listening.getsockname()[1])) as generator,
        pytest.raises(RuntimeError, match="refused"),
    ):
        generator.open([b"GET / HTTP/1.1\r\n\r\n"])
    server.join()


def test_late_and_lost_deliveries_are_counted() -> None:
    second = 10**9
    times = {1: 0, 2: second}
    arrivals = {1: [second // 100] * 98 + [3 * second], 2: [second + second // 50] * 100}
    found = steady(times, arrivals, streams=100)
    assert found.late == 2  # one after three seconds, one never
    assert (found.p50, found.p99) == (20, 20)


def test_messages_that_never_arrived_are_late() -> None:
    assert steady({1: 0, 2: 0}, {}, streams=3).late == 6


def test_a_publication_takes_a_new_connection_if_the_server_closed_the_idle_one(
    listening: socket.socket,
) -> None:
    def answer_each() -> None:
        for body in (b"", b"queued", b"yes"):
            connection, _ = listening.accept()
            with connection:
                received.append(connection.recv(2**16))
                head = b"HTTP/1.1 202 Accepted\r\nContent-Length: %d\r\n\r\n" % len(body)
                connection.sendall(head + body)

    received: list[bytes] = []
    server = threading.Thread(target=answer_each)
    server.start()
    with closing(Generator(listening.getsockname()[1])) as generator:
        for number in range(3):
            generator.publish(b"POST %d" % number)
            generator.receive_until(lambda: not generator.connected_publishers)
    server.join()
    assert received == [b"POST 0", b"POST 1", b"POST 2"]
