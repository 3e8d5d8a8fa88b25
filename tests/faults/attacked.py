"""A server as `manage.py serve` starts it, without a proxy in front, and raw connections to it."""

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
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.faults.installation import prepare
from tests.served.processes import ROOT, outside
from tests.waiting import until

TOKEN = "t" * 32  # of CSRF, in the cookie and in the form


@dataclass
class Attacked:
    """The server: where it is, its process, and the cookies of signed-in people."""

    host: str
    port: int
    process: int
    folder: Path
    room: int
    cookies: list[str]
    csrf_name: str

    @property
    def cookie(self) -> str:
        """The session cookie of the first person, who makes the requests unless another one is named."""
        return self.cookies[0]

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
        length = len(body) if announced is None else announced
        return self._start(path, "application/x-www-form-urlencoded", length, self.cookie) + body

    def upload(self, path: str, fields: dict[str, str], files: dict[str, bytes], person: int = 0) -> bytes:
        """The bytes of a person's form with files."""
        data: dict[str, Any] = {"csrfmiddlewaretoken": TOKEN} | fields
        data |= {name: SimpleUploadedFile(name, file) for name, file in files.items()}
        body = encode_multipart(BOUNDARY, data)
        return self._start(path, MULTIPART_CONTENT, len(body), self.cookies[person]) + body

    def _start(self, path: str, content_type: str, length: int, cookie: str) -> bytes:
        lines = [
            f"POST {path} HTTP/1.1",
            f"Host: {self.host}:{self.port}",
            f"Cookie: {cookie}; {self.csrf_name}={TOKEN}",
            f"Content-Type: {content_type}",
            f"Content-Length: {length}",
        ]
        return "\r\n".join([*lines, "", ""]).encode()

    def threads(self) -> int:
        return len(os.listdir(f"/proc/{self.process}/task"))

    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.process}/fd"))


@contextmanager
def attacked_server(people: int = 2) -> Iterator[Attacked]:
    """The server, with a room of this many people."""
    with TemporaryDirectory(prefix="parley-faults-") as folder:
        environment = {"PARLEY_VAR": folder, "PARLEY_DEMO": ""}
        known = prepare(environment, people)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(port)]
        server = subprocess.Popen(command, env=outside() | environment, stdout=subprocess.DEVNULL)
        try:
            attacked = Attacked("127.0.0.1", port, server.pid, Path(folder), **known)
            until(lambda: _answers(attacked), otherwise="The server did not start.")
            yield attacked
        finally:
            server.terminate()
            server.wait()


def _answers(attacked: Attacked) -> bool:
    with suppress(OSError):
        return attacked.get("/account/login/") in (200, 302)
    return False
