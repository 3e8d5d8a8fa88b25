"""A temporary installation for the benchmarks: one room, people who are signed in, and a server."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
START_SECONDS = 20


@dataclass
class Served:
    """A running server: its port, the id of the room, the session cookies of the people, its process id."""

    port: int
    room: int
    cookies: list[str]
    pid: int


@contextmanager
def empty_installation() -> Iterator[None]:
    """An installation without people, for this process, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        os.environ |= {"PARLEY_VAR": folder, "DJANGO_SETTINGS_MODULE": "bench.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        yield


@contextmanager
def serving(people: int, processes: int = 1) -> Iterator[Served]:
    """A server, until the block ends. It uses DATABASE_URL and REDIS_URL if they are set.

    With several processes, `pid` is that of their supervisor.
    """
    with empty_installation():
        room, cookies = _create_people(people)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "uvicorn", "site_config.asgi:application", "--port", str(port)]
        options = ["--lifespan", "off", "--log-level", "warning", "--timeout-graceful-shutdown", "2"]
        if processes > 1:
            options += ["--workers", str(processes)]
        with subprocess.Popen([*command, *options], cwd=ROOT) as process:
            _wait(port, process)
            try:
                yield Served(port, room, cookies, process.pid)
            finally:
                process.terminate()


def memory_of(pid: int) -> float:
    """The resident memory of the process, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def cpu_seconds_of(pid: int) -> float:
    """The processor time that the process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _create_people(people: int) -> tuple[int, list[str]]:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.db import connections, transaction

    from messaging.auth.session_store import SessionStore
    from messaging.models import Conversation, User
    from messaging.models.rooms.members import add

    cookies = []
    with transaction.atomic():
        everyone = [User.objects.create(username=f"bench{number}") for number in range(people)]
        room = Conversation.objects.create_room("bench", by=everyone[0])
        for person in everyone[1:]:
            add(room, person)
        for person in everyone:
            session = SessionStore()
            session[SESSION_KEY] = str(person.pk)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = person.get_session_auth_hash()
            session.save()
            cookies.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    connections.close_all()
    return room.pk, cookies


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
