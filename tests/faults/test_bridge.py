"""The bridge from ASGI to WSGI, behind the real server, with applications that misbehave."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from unittest.mock import patch

import pytest
import uvicorn

from messaging.http import request_body, server_protocol
from messaging.http.bridge import Bridge
from messaging.http.request_body import BodySpace, RequestRejected
from messaging.http.server_protocol import ServerProtocol
from messaging.http.slots import LONG_ANSWERS, UPLOADS
from tests.waiting import until

WORKERS = 2
PART = b"x" * 256 * 1024
PARTS = 400  # of a long answer: more than all buffers on the way hold


class Application:
    """Long answers at /long, an exception at /error, and elsewhere what the request contained.

    An answer at /wait comes when `may_answer` is set.
    """

    def __init__(self) -> None:
        self.calls = self.open = 0
        self.may_answer = threading.Event()
        self.environ: dict[str, Any] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        self.environ = environ
        self.calls += 1
        if environ["PATH_INFO"] == "/error":
            raise ValueError("planted")
        if environ["PATH_INFO"] == "/wait":
            self.may_answer.wait()
        start_response("200 OK", [("Content-Type", "text/plain")])
        if environ["PATH_INFO"] == "/long":
            return self._parts()
        return [environ["wsgi.input"].read()]

    def _parts(self) -> Iterator[bytes]:
        self.open += 1
        try:
            yield from [PART] * PARTS
        finally:
            self.open -= 1


@contextmanager
def served(application: Any) -> Iterator[tuple[str, int]]:
    config = uvicorn.Config(application, http=ServerProtocol, lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        yield listening.getsockname()
        server.should_exit = server.force_exit = True
        thread.join()


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def address(application: Application) -> Iterator[tuple[str, int]]:
    with served(Bridge(application, WORKERS)) as address:
        yield address


def answer(
    address: tuple[str, int], path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    connection = HTTPConnection(*address, timeout=30)
    try:
        connection.request("POST", path, body, headers or {})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def ask(address: tuple[str, int], path: str, times: int = 1) -> socket.socket:
    """A connection on which a page was asked for, or several."""
    connection = socket.create_connection(address)
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * times)
    return connection


def test_readers_that_stop_reading_hold_no_worker(address: tuple[str, int], application: Application) -> None:
    readers = [ask(address, "/long") for _ in range(LONG_ANSWERS)]
    until(lambda: application.open == LONG_ANSWERS, otherwise="The long answers did not begin.")
    assert [answer(address, "/", b"page") for _ in range(2 * WORKERS)] == [(200, b"page")] * 2 * WORKERS
    assert answer(address, "/long")[0] == 503
    for reader in readers:
        reader.close()
    until(lambda: application.open == 0, otherwise="The long answers were not ended.")
    status, body = answer(address, "/long")
    assert (status, len(body)) == (200, PARTS * len(PART))


@pytest.mark.parametrize("pipelined", [1, 2, 6])
def test_pages_that_nobody_waits_for_are_not_made(
    address: tuple[str, int], application: Application, pipelined: int
) -> None:
    waiting = [ask(address, "/wait") for _ in range(WORKERS)]
    until(lambda: application.calls == WORKERS, otherwise="The workers are not busy.")
    for _ in range(20):
        ask(address, "/", pipelined).close()
    application.may_answer.set()
    assert answer(address, "/last")[0] == 200
    assert application.calls == WORKERS + 1
    for connection in waiting:
        connection.close()


def test_exception_is_answered_and_frees_the_worker(address: tuple[str, int]) -> None:
    for _ in range(2 * WORKERS):
        assert answer(address, "/error")[0] == 500
    assert answer(address, "/", b"page") == (200, b"page")


def test_header_with_an_underscore_does_not_pass_for_another(
    address: tuple[str, int], application: Application
) -> None:
    answer(address, "/", headers={"X_Forwarded_Proto": "https", "X-Other": "1"})
    assert "HTTP_X_FORWARDED_PROTO" not in application.environ
    assert application.environ["HTTP_X_OTHER"] == "1"


def test_body_without_an_announced_length_is_taken_when_it_is_whole(
    address: tuple[str, int], application: Application
) -> None:
    start = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n"
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(start)
    assert answer(address, "/", b"next") == (200, b"next")
    assert application.calls == 1
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(start + b"0\r\n\r\n")
        received = b""
        while b"whole" not in received:
            received += connection.recv(1_000)
    assert application.environ["CONTENT_LENGTH"] == "5"


def test_body_that_takes_too_long_is_refused(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_body, "FORM_SECONDS", 0.1)
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
        assert connection.recv(1_000).startswith(b"HTTP/1.1 408")


def test_headers_that_take_too_long_are_refused(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_protocol, "HEADER_SECONDS", 0.1)
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nConte")
        assert connection.recv(1_000).startswith(b"HTTP/1.1 408")


def test_connection_made_just_before_a_shutdown_is_answered(application: Application) -> None:
    server = uvicorn.Server(
        uvicorn.Config(
            Bridge(application, WORKERS), http=ServerProtocol, lifespan="off", log_level="critical"
        )
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        until(lambda: server.started, otherwise="The server did not start.")
        with socket.create_connection(listening.getsockname(), timeout=30) as connection:
            until(lambda: bool(server.server_state.connections), otherwise="It was not accepted.")
            server.should_exit = True
            until(
                lambda: not server.servers or not server.servers[0].is_serving(), otherwise="It did not stop."
            )
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(1_000).startswith(b"HTTP/1.1 200")
        thread.join()


def test_a_client_that_sends_too_much_at_once_can_read_why(
    address: tuple[str, int], application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_body, "MAX_FORM_BYTES", 32 * 1024 * 1024)  # more than fits into a socket
    monkeypatch.setattr(request_body, "MAX_BYTES_OF_CLIENT", 1_000)
    assert answer(address, "/", b"x" * 32 * 1024 * 1024)[0] == 503
    assert answer(address, "/", b"x" * 1_000)[0] == 200  # nothing is held any more
    assert application.calls == 1


def test_uploads_do_not_take_all_workers(application: Application) -> None:
    large = b"x" * (request_body.MAX_FORM_BYTES + 1)
    head = f"POST /wait HTTP/1.1\r\nHost: x\r\nContent-Length: {len(large)}\r\n\r\n".encode()
    with (
        patch.object(request_body, "_largest_body", return_value=2**30),
        patch.object(request_body, "_signed_in_user", return_value=1),
        served(Bridge(application, UPLOADS + 1)) as address,
    ):
        uploads = [socket.create_connection(address, timeout=30) for _ in range(UPLOADS + 3)]
        for upload in uploads:
            upload.sendall(head + large)
        until(lambda: application.calls == UPLOADS, otherwise="The uploads were not begun.")
        for _ in range(10):
            assert answer(address, "/", b"a message") == (200, b"a message")
        assert application.calls == UPLOADS + 10  # the other uploads wait
        application.may_answer.set()
        for upload in uploads:
            assert upload.recv(1_000).startswith(b"HTTP/1.1 200")
            upload.close()


def test_space_of_bodies_is_bounded_for_all_and_for_each() -> None:
    space = BodySpace()
    space.take(request_body.MAX_BYTES_OF_CLIENT, {"ada"})
    with pytest.raises(RequestRejected) as refused:
        space.take(1, {"ada", "ben"})
    assert refused.value.status == 503
    for number in range(request_body.MAX_TOTAL_BYTES // request_body.MAX_BYTES_OF_CLIENT - 1):
        space.take(request_body.MAX_BYTES_OF_CLIENT, {f"other {number}"})
    with pytest.raises(RequestRejected):
        space.take(1, {"ben"})
    space.give_back(request_body.MAX_BYTES_OF_CLIENT, {"ada"})
    space.take(1, {"ada"})
    assert space.by_client["ada"] == 1
