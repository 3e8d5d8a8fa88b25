"""How many pages per second one process serves, and how long each takes: `python -m bench.pages --help`.

The server gets a core of its own if there are two. It uses DATABASE_URL and REDIS_URL if they are set. That
database must be empty, because the benchmark writes to it. Otherwise it uses SQLite and a cache in memory.
Machines differ, so compare the ratios, which are of the server's processor time. Linux only.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from uuid import uuid4

from bench.load import Measured, NextRequest, load
from tests.served.processes import parley_process

TOKEN = "t" * 32  # a CSRF token is valid if the cookie contains the same
FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        os.environ |= {"PARLEY_VAR": folder, "DJANGO_SETTINGS_MODULE": "bench.settings"}
        kept = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if name in os.environ}
        environment = {"PARLEY_VAR": folder, "DJANGO_SETTINGS_MODULE": "bench.settings", **kept}
        room, cookie = _prepare(options.messages, options.members)
        found: dict[str, list[Measured]] = {}
        for _ in range(options.runs):
            for name, measured in _measure(environment, room, cookie, options):
                found.setdefault(name, []).append(measured)
    _print({name: Measured.median(runs) for name, runs in found.items()}, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--clients", type=int, default=16, help="connections at once (%(default)s)")
    parser.add_argument(
        "--seconds", type=float, default=4, help="how long each case is measured (%(default)s)"
    )
    runs_help = "how often each case is measured; the run with the median CPU time is printed (%(default)s)"
    parser.add_argument("--runs", type=int, default=3, help=runs_help)
    parser.add_argument("--messages", type=int, default=60, help="in the room (%(default)s)")
    parser.add_argument("--members", type=int, default=50, help="of the room (%(default)s)")
    return parser.parse_args()


def _prepare(messages: int, members: int) -> tuple[int, str]:
    """Create an installation with a room and a person who is signed in.

    Returns:
        The id of the room, and the person's cookies.
    """
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections
    from django.test import Client

    from messaging.models import Conversation, User
    from messaging.models.messages.saving import post
    from messaging.models.rooms.members import add

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    people = [User.objects.create(username=f"person{number}") for number in range(max(members, 2))]
    room = Conversation.objects.create_room("harbour", by=people[0])
    for person in people[1:]:
        add(room, person)
    for number in range(messages):
        text = f"The **{number}th** thing to be said of `tides`, and https://example.org/{number}"
        root = post(room, people[number % 2], text)
        for person in people[: number % 3]:
            post(room, person, "I see.", parent=root)
    client = Client()
    client.force_login(people[0])
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    connections.close_all()
    cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: TOKEN}
    return room.pk, "; ".join(f"{name}={value}" for name, value in cookies.items())


def _measure(
    environment: dict[str, str], room: int, cookie: str, options: argparse.Namespace
) -> Iterator[tuple[str, Measured]]:
    page, part = f"/conversations/{room}/", f"/conversations/{room}/messages/"

    def load_it(server: tuple[str, int], next_request: NextRequest, status: int = 200) -> Measured:
        load(server, next_request, status, options.clients, seconds=0.5)  # warm-up
        return load(server, next_request, status, options.clients, options.seconds)

    with _served(environment | {"DJANGO_SETTINGS_MODULE": "bench.uncached"}) as server:
        yield "conversation page, nothing cached", load_it(server, _get(page, cookie))
        yield "list, nothing cached", load_it(server, _get(part, cookie, **FRAGMENT))
    with _served(environment) as server:
        yield "conversation page, warm", load_it(server, _get(page, cookie))
        yield "list, warm", load_it(server, _get(part, cookie, **FRAGMENT))
        known = _get(part, cookie, **FRAGMENT, **{"If-None-Match": _etag(server[0], part, cookie)})
        yield "list, 304", load_it(server, known, status=304)
        yield "send", load_it(server, _send(f"{page}send/", cookie), status=302)


@contextmanager
def _served(environment: dict[str, str]) -> Iterator[tuple[str, int]]:
    """A server on the first core: its address and process id. The load generator uses the other cores."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:1])
    with parley_process(**environment) as server:
        os.sched_setaffinity(0, cores[1:] or cores)
        yield server
    os.sched_setaffinity(0, cores)


def _request(method: str, path: str, cookie: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    lines = {"Host": "127.0.0.1", "Cookie": cookie, **headers, "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def _get(path: str, cookie: str, **headers: str) -> NextRequest:
    request = _request("GET", path, cookie, headers)
    return lambda: request


def _send(path: str, cookie: str) -> NextRequest:
    numbers = count()

    def next_request() -> bytes:
        fields = {"csrfmiddlewaretoken": TOKEN, "content": f"Message {next(numbers)}", "client_id": uuid4()}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return _request("POST", path, cookie, form, urlencode(fields).encode())

    return next_request


def _etag(address: str, path: str, cookie: str) -> str:
    with urlopen(Request(f"http://{address}{path}", headers={"Cookie": cookie, **FRAGMENT})) as answer:
        return str(answer.headers["ETag"])


def _print(found: dict[str, Measured], options: argparse.Namespace) -> None:
    print(f"{options.clients} clients, {options.messages} messages, {options.members} members\n")
    print("| | ratio | CPU ms | requests/s | p50 ms | p99 ms |\n|---|---:|---:|---:|---:|---:|")
    base = next(iter(found.values())).cpu_ms
    for name, run in found.items():
        times = f"{run.cpu_ms:.1f} | {run.rate:.0f} | {run.p50:.0f} | {run.p99:.0f}"
        print(f"| {name} | {base / run.cpu_ms:.1f} | {times} |")


if __name__ == "__main__":
    main()
