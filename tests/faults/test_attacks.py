"""Clients that send slowly, stop half-way or leave early: others do not notice, and nothing is left behind.

No time is asserted: while an attack goes on, every other visitor's request is answered.
"""

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from tests.faults.attacked import Attacked, attacked_server
from tests.faults.bombs import bombs
from tests.waiting import until

WORKERS = 8
SLOW_CLIENTS = 100
CUT_BODIES = 100
EARLY_CLOSERS = 100


@pytest.fixture(scope="module")
def attacked() -> Iterator[Attacked]:
    with attacked_server() as server:
        yield server


@pytest.fixture
def static(attacked: Attacked) -> str:
    """The largest static file."""
    files = [file for file in (attacked.folder / "static").rglob("*.js") if file.is_file()]
    largest = max(files, key=lambda file: file.stat().st_size)
    return f"/static/{largest.relative_to(attacked.folder / 'static')}"


def stored(attacked: Attacked) -> list[str]:
    with closing(sqlite3.connect(attacked.folder / "parley.sqlite3")) as database:
        return [text for (text,) in database.execute("SELECT content FROM messaging_message")]


def send_url(attacked: Attacked) -> str:
    return f"/conversations/{attacked.room}/send/"


def test_slow_bodies_hold_no_worker(attacked: Attacked) -> None:
    before = attacked.descriptors()
    with ExitStack() as slow:
        for _ in range(SLOW_CLIENTS):
            start = attacked.post("/account/login/", {"login": "x"}, announced=1_000)
            slow.enter_context(attacked.connect(start))
        assert [attacked.get("/account/login/") for _ in range(2 * WORKERS)] == [302] * 2 * WORKERS
        assert attacked.get(f"/conversations/{attacked.room}/") == 200
    until(lambda: attacked.descriptors() <= before + 2, otherwise="The connections were not closed.")


def test_slow_headers_hold_no_worker(attacked: Attacked) -> None:
    with ExitStack() as slow:
        for _ in range(SLOW_CLIENTS):
            slow.enter_context(attacked.connect(b"GET / HTTP/1.1\r\nHost: x"))
        assert [attacked.get("/account/login/") for _ in range(2 * WORKERS)] == [302] * 2 * WORKERS


@pytest.mark.parametrize("how", ["closed", "half-closed", "reset"])
def test_cut_bodies_change_nothing(attacked: Attacked, how: str) -> None:
    before = stored(attacked)
    for number in range(CUT_BODIES):
        half = attacked.post(send_url(attacked), {"content": f"TRUNCATED {number}"}, announced=500)
        connection = attacked.connect(half)
        if how == "half-closed":
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1_000)
        elif how == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()
    assert attacked.get(f"/conversations/{attacked.room}/") == 200
    assert stored(attacked) == before


def test_whole_body_is_stored(attacked: Attacked) -> None:
    with attacked.connect(attacked.post(send_url(attacked), {"content": "WHOLE"})) as connection:
        assert connection.recv(12).startswith(b"HTTP/1.1 30")
    assert stored(attacked).count("WHOLE") == 1


@pytest.mark.parametrize("pipelined", [1, 6])
def test_early_closers_hold_no_worker(attacked: Attacked, static: str, pipelined: int) -> None:
    request = f"GET {static} HTTP/1.1\r\nHost: {attacked.host}:{attacked.port}\r\n\r\n".encode()
    for _ in range(EARLY_CLOSERS):
        connection = attacked.connect(request * pipelined)
        connection.recv(1)
        connection.close()
    assert [attacked.get("/account/login/") for _ in range(2 * WORKERS)] == [302] * 2 * WORKERS
    assert attacked.get(static) == 200
    assert attacked.threads() < 60


def test_stream_that_was_pipelined_ends_with_its_connection(attacked: Attacked) -> None:
    host = f"Host: {attacked.host}:{attacked.port}\r\nCookie: {attacked.cookie}\r\n\r\n"
    with attacked.connect(f"GET /live/?conversation={attacked.room} HTTP/1.1\r\n{host}".encode()) as stream:
        stream.recv(4_000)  # the first one opens the connections to the database that all share
    before = attacked.descriptors()
    for _ in range(20):
        both = f"GET /live/?conversation={attacked.room} HTTP/1.1\r\n{host}GET / HTTP/1.1\r\n{host}".encode()
        connection = attacked.connect(both)
        assert b"text/event-stream" in connection.recv(4_000)
        connection.close()
    until(lambda: attacked.descriptors() <= before + 4, otherwise="The streams were not ended.")
    with attacked.connect(f"GET /live/?conversation={attacked.room} HTTP/1.1\r\n{host}".encode()) as stream:
        received = stream.recv(4_000)  # it is open: it brings what is sent from now on
        with attacked.connect(attacked.post(send_url(attacked), {"content": "AFTER THE STREAMS"})) as sending:
            assert sending.recv(12).startswith(b"HTTP/1.1 30")
        while b"AFTER THE STREAMS" not in received:
            received += stream.recv(65_536)


@pytest.mark.parametrize("size", [300_000, 3_000_000])
def test_form_that_is_too_large_is_refused_in_words(attacked: Attacked, size: int) -> None:
    with attacked.connect(attacked.post(send_url(attacked), {"content": "x" * size})) as connection:
        answer = connection.recv(4_000)
    assert answer.startswith(b"HTTP/1.1 413")
    assert attacked.get(f"/conversations/{attacked.room}/") == 200


def test_form_of_the_longest_message_is_taken(attacked: Attacked) -> None:
    text = "\U0001f600" * 10_000
    with attacked.connect(attacked.post(send_url(attacked), {"content": text})) as connection:
        assert connection.recv(12).startswith(b"HTTP/1.1 30")
    assert text in stored(attacked)


@pytest.mark.parametrize(
    "headers", [["X: " + "x" * 70_000], ["X: " + "x" * 1_000] * 70, ["X: " + "x" * 200_000]]
)
def test_headers_over_64_kb_are_refused(attacked: Attacked, headers: list[str]) -> None:
    request = "\r\n".join(["GET / HTTP/1.1", f"Host: {attacked.host}", *headers, "", ""]).encode()
    with attacked.connect() as connection:
        try:
            connection.sendall(request)
            answer = connection.recv(4_000)
        except ConnectionError:
            answer = b"HTTP/1.1 431"  # closed before the rest was sent
    assert answer.startswith(b"HTTP/1.1 431")
    assert attacked.get("/account/login/") == 302


@pytest.mark.parametrize(("path", "status"), [("/account/", b"422"), ("/site/", b"404")])
def test_large_upload_is_only_for_people_who_are_signed_in(
    attacked: Attacked, path: str, status: bytes
) -> None:
    """It reaches the view, which says that the name is too long, or that the settings are for others."""
    fields = {"display_name": "x" * 300_000}
    with attacked.connect(attacked.post(path, fields)) as connection:
        assert connection.recv(12) == b"HTTP/1.1 " + status
    stranger = attacked.post(path, fields).replace(attacked.cookie.encode(), b"x=y")
    with attacked.connect(stranger) as connection:
        assert connection.recv(12) == b"HTTP/1.1 413"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/conversations/{room}/send/", b"302"),
        ("/files/", b"200"),
        ("/messages/4711/reply/", b"404"),
        ("/conversations/{room}/seen/", b"413"),
        ("/files/1/", b"413"),
        ("/nowhere/", b"413"),
    ],
)
def test_files_are_only_for_forms_that_send_them_and_people_who_are_signed_in(
    attacked: Attacked, path: str, status: bytes
) -> None:
    path = path.format(room=attacked.room)
    sent = attacked.upload(path, {"content": ""}, {"files": b"x" * 3_000_000})
    with attacked.connect(sent) as connection:
        assert connection.recv(12) == b"HTTP/1.1 " + status
    with attacked.connect(sent.replace(attacked.cookie.encode(), b"x=y")) as connection:
        assert connection.recv(12) == b"HTTP/1.1 413"


def test_pictures_that_take_long_hold_nobody_up(attacked: Attacked) -> None:
    profile = {"display_name": "Ada", "theme": "system"}
    with ExitStack() as uploads:
        connections = [
            uploads.enter_context(
                attacked.connect(attacked.upload("/account/", profile, {"picture": bomb}, 1))
            )
            for bomb in bombs()
        ]
        assert [attacked.get("/account/login/") for _ in range(2 * WORKERS)] == [302] * 2 * WORKERS
        answers = [connection.recv(12)[9:] for connection in connections]
    assert set(answers) <= {b"302", b"422", b"503"}
    assert b"422" in answers  # what takes too long is refused, and says so
