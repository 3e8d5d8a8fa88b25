"""What others notice of attacks: `python -m tests.faults.measure`.

A visitor asks for the sign-in page again and again, on new connections, first alone and then during each
attack, against `manage.py serve` without a proxy in front.
"""

import socket
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import cycle
from statistics import quantiles
from time import perf_counter

from django.conf import settings

from tests.faults.attacked import Attacked, attacked_server
from tests.faults.bombs import bombs

VISITS = 300
SLOW_CLIENTS = 500
EARLY_CLOSERS = 200
DISCONNECTS = 10_000
CUT_BODIES = 2_000
PEOPLE = 160
BOMBERS = 8


def visit(server: Attacked) -> str:
    """The times of a number of visits, in words."""
    times = []
    for _ in range(VISITS):
        start = perf_counter()
        assert server.get("/account/login/") == 302
        times.append((perf_counter() - start) * 1_000)
    cuts = quantiles(times, n=100)
    return f"p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms, slowest {max(times):.1f} ms"


def slow_clients(server: Attacked) -> str:
    with ExitStack() as slow:
        start = server.post("/account/login/", {"login": "x"}, announced=1_000)
        clients = [slow.enter_context(server.connect(start)) for _ in range(SLOW_CLIENTS)]
        for client in clients:
            client.sendall(b"x")
        return visit(server)


def early_closers(server: Attacked) -> str:
    files = [file for file in (server.folder / "static").rglob("*.js") if file.is_file()]
    largest = max(files, key=lambda file: file.stat().st_size).relative_to(server.folder)
    request = f"GET /{largest} HTTP/1.1\r\nHost: {server.host}:{server.port}\r\n\r\n".encode() * 6

    def close_early() -> None:
        with server.connect(request) as connection:
            connection.recv(1)

    return _beside(close_early, EARLY_CLOSERS, server)


def picture_bombs(server: Attacked) -> str:
    """Eight at a time, each from another person of many, as a person's tokens are soon used up."""
    profile = {"display_name": "Ada", "theme": "system"}
    answers: Counter[bytes] = Counter()
    has_ended = threading.Event()

    def upload(first: int, bomb: bytes) -> None:
        for person in cycle(range(first, PEOPLE, BOMBERS)):
            if has_ended.is_set():
                return
            with server.connect(server.upload("/account/", profile, {"picture": bomb}, person)) as connection:
                answers[connection.recv(12)[9:]] += 1

    with ThreadPoolExecutor(BOMBERS) as pool:
        bombers = [pool.submit(upload, *pair) for pair in enumerate(bombs())]
        try:
            result = visit(server)
        finally:
            has_ended.set()
        for bomber in bombers:
            bomber.result()
    counts = ", ".join(f"{count} × {status.decode()}" for status, count in sorted(answers.items()))
    return f"{result}; answers: {counts}"


def _beside(attack: Callable[[], None], times: int, server: Attacked) -> str:
    def run() -> None:
        for _ in range(times):
            attack()

    with ThreadPoolExecutor(1) as pool:
        attacks = pool.submit(run)
        result = visit(server)
        attacks.result()
    return result


def disconnects(server: Attacked) -> str:
    paths = [
        "/account/login/",
        f"/conversations/{server.room}/",
        "/account/export/",
        "/live/",
        "/rooms/",
    ]
    host = f"HTTP/1.1\r\nHost: {server.host}:{server.port}\r\nCookie: {server.cookie}\r\n\r\n"
    for number in range(DISCONNECTS):
        connection = server.connect(f"GET {paths[number % 5]} {host}".encode() * (1 + number % 3))
        if number % 2:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()
    return f"{visit(server)}; {server.threads()} threads, {server.descriptors()} descriptors"


def cut_bodies(server: Attacked) -> str:
    for number in range(CUT_BODIES):
        half = server.post(
            f"/conversations/{server.room}/send/", {"content": f"half {number}"}, announced=500
        )
        server.connect(half).close()
    with closing(sqlite3.connect(server.folder / "parley.sqlite3")) as database:
        [[stored]] = database.execute("SELECT count(*) FROM messaging_message")
    return f"{visit(server)}; {stored} stored"


def main() -> None:
    settings.configure()  # for the forms that Django's test client encodes
    with attacked_server(PEOPLE) as server:
        visit(server)
        print(f"nothing else: {visit(server)}")
        print(f"{SLOW_CLIENTS} slow bodies: {slow_clients(server)}")
        print(f"{EARLY_CLOSERS} early closers: {early_closers(server)}")
        print(f"8 picture bombs at a time: {picture_bombs(server)}")
        print(f"after {DISCONNECTS:,} disconnects: {disconnects(server)}")
        print(f"after {CUT_BODIES:,} cut bodies: {cut_bodies(server)}")


if __name__ == "__main__":
    main()
