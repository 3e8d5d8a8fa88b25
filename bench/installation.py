"""A temporary installation for the benchmarks: one room, people who are signed in, and a server."""

import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from messaging.models import User

T = TypeVar("T")
ROOT = Path(__file__).parent.parent
START_SECONDS = 60


@dataclass
class Served:
    """A running server: its port, the id of the room, the session cookies of the people, its process id."""

    port: int
    room: int
    cookies: list[str]
    pid: int


@contextmanager
def empty_installation(settings: str = "bench.settings") -> Iterator[None]:
    """An installation without people, for this process, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        os.environ |= {"PARLEY_VAR": folder, "DJANGO_SETTINGS_MODULE": settings}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        yield


@contextmanager
def serving(
    people: int, processes: int = 1, settings: str = "bench.settings", module: str = ""
) -> Iterator[Served]:
    """A server, until the block ends. It uses DATABASE_URL and REDIS_URL if they are set.

    With several processes, `pid` is that of their supervisor.

    Args:
        module: a server of its own, which is started with the port, instead of uvicorn with Parley's streams
            and views alone.
    """
    with empty_installation(settings):
        room, cookies = create_people(people)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "uvicorn", "site_config.asgi:application", "--port", str(port)]
        options = ["--lifespan", "off", "--log-level", "warning", "--timeout-graceful-shutdown", "2"]
        if processes > 1:
            options += ["--workers", str(processes)]
        if module:
            command, options = [sys.executable, "-m", module, str(port)], []
        with subprocess.Popen([*command, *options], cwd=ROOT) as process:
            _wait(port, process)
            try:
                yield Served(port, room, cookies, process.pid)
            finally:
                process.terminate()


def in_new_process(environment: dict[str, str], function: Callable[..., T], *arguments: object) -> T:
    """Call a function with this environment in a process of its own, since Django can be set up only once in
    each."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn, _set_environment, (environment,)) as pool:
        return pool.submit(function, *arguments).result()


def _set_environment(environment: dict[str, str]) -> None:
    os.environ |= environment


def memory_of(pid: int) -> float:
    """The resident memory of the process, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def cpu_seconds_of(pid: int) -> float:
    """The processor time that the process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_seconds_with_children(pid: int) -> float:
    """The same, with that of its children, also of those that have ended."""
    ended = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[13:15]
    living = sum(cpu_seconds_of(child) for child in _children_of(pid))
    return cpu_seconds_of(pid) + sum(map(int, ended)) / os.sysconf("SC_CLK_TCK") + living


def _children_of(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for thread in threads for child in (thread / "children").read_text().split()]


def create_people(people: int) -> tuple[int, list[str]]:
    """A room with so many new people. Returns its id and the session cookies of all."""
    from django.conf import settings
    from django.db import connections, transaction

    from messaging.models import Conversation, User
    from messaging.models.rooms.members import add

    cookies = []
    with transaction.atomic():
        everyone = [User.objects.create(username=f"bench{number}") for number in range(people)]
        room = Conversation.objects.create_room("bench", by=everyone[0])
        for person in everyone[1:]:
            add(room, person)
        for person in everyone:
            cookies.append(f"{settings.SESSION_COOKIE_NAME}={session_of(person)}")
    connections.close_all()
    return room.pk, cookies


def session_of(person: "User") -> str:
    """The key of a new session in which the person is signed in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from messaging.auth.session_store import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("The server did not start.") from None
            time.sleep(0.05)
