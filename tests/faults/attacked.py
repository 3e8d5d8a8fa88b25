"""A server as `manage.py serve` starts it, without a proxy in front, and raw connections to it."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from tests.served.processes import OURS, ROOT
from tests.waiting import until

# Prints what the tests need to know of the database that it fills.
PREPARE = """
import json
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
from django.conf import settings
from messaging.models import User
from tests.factories import RoomFactory
ada, ben = (User.objects.create_user(name) for name in ("ada", "ben"))
room = RoomFactory.create(name="Harbour", by=ada, members=[ben])
cookies = []
for person in (ada, ben):
    client = Client()
    client.force_login(person)
    cookies.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
names = [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME]
print(json.dumps({"room": room.pk, "cookies": cookies, "names": names}))
"""
TOKEN = "t" * 32  # of CSRF, in the cookie and in the form


@dataclass
class Attacked:
    """The server: where it is, its process, and a signed-in person's cookie."""

    host: str
    port: int
    process: int
    folder: Path
    room: int
    cookie: str
    csrf_name: str

    def connect(self, data: bytes = b"") -> socket.socket:
        """A connection on which these bytes were sent."""
        connection = socket.create_connection((self.host, self.port), timeout=30)
        connection.sendall(data)
        return connection

    def get(self, path: str) -> int:
        """The status of a page that another visitor asks for, on a new connection."""
        connection = HTTPConnection(self.host, self.port, timeout=30)
        try:
            connection.request("GET", path, headers={"Cookie": self.cookie})
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def post(self, path: str, fields: dict[str, str], announced: int | None = None) -> bytes:
        """The bytes of a form; `announced` is another Content-Length than the true one."""
        body = urlencode({"csrfmiddlewaretoken": TOKEN} | fields).encode()
        lines = [
            f"POST {path} HTTP/1.1",
            f"Host: {self.host}:{self.port}",
            f"Cookie: {self.cookie}; {self.csrf_name}={TOKEN}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body) if announced is None else announced}",
        ]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def threads(self) -> int:
        return len(os.listdir(f"/proc/{self.process}/task"))

    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.process}/fd"))


@contextmanager
def attacked_server() -> Iterator[Attacked]:
    with TemporaryDirectory(prefix="parley-faults-") as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        environment |= {"PARLEY_VAR": folder, "PYTHONPATH": str(ROOT), "PARLEY_DEMO": ""}
        manage = [sys.executable, str(ROOT / "manage.py")]
        prepared = subprocess.run(
            [*manage, "shell", "-v", "0", "-c", PREPARE], env=environment, check=True, capture_output=True
        )
        known = json.loads(prepared.stdout)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        server = subprocess.Popen(
            [*manage, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
        )
        try:
            session_name, csrf_name = known["names"]
            cookie = f"{session_name}={known['cookies'][0]}"
            attacked = Attacked("127.0.0.1", port, server.pid, Path(folder), known["room"], cookie, csrf_name)
            until(lambda: _answers(attacked), otherwise="The server did not start.")
            yield attacked
        finally:
            server.terminate()
            server.wait()


def _answers(attacked: Attacked) -> bool:
    with suppress(OSError):
        return attacked.get("/account/login/") in (200, 302)
    return False
