"""Starts Parley as it is served: a process of its own, on a free port of this machine."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
# The server ends when its standard input is closed: at the end of the `with` block, or when the test process
# dies.
PROGRAM = """
import socket, sys, threading, uvicorn

options = {"lifespan": "off", "log_level": "warning", "timeout_keep_alive": 60}
server = uvicorn.Server(uvicorn.Config("site_config.asgi:application", **options))

def end_with_the_tests():
    sys.stdin.read()
    server.should_exit = True

threading.Thread(target=end_with_the_tests, daemon=True).start()
server.run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
"""
OURS = ("PARLEY_", "DJANGO_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY")


def outside() -> dict[str, str]:
    """The environment of this process without what is meant for a Parley."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)}


@contextmanager
def serve_parley(**environment: str) -> Iterator[str]:
    """A server with this environment and none of the caller's own; yields its host and port."""
    with parley_process(**environment) as (address, _):
        yield address


@contextmanager
def parley_process(port: str = "0", **environment: str) -> Iterator[tuple[str, int]]:
    """The same, at this port; yields the process id too.

    The socket is open at once, so early requests wait instead of being refused.
    """
    with socket.create_server(("127.0.0.1", int(port))) as listening:
        host, port = listening.getsockname()
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(listening.fileno())],
            cwd=ROOT,
            env=outside() | {"DJANGO_SETTINGS_MODULE": "site_config.settings"} | environment,
            stdin=subprocess.PIPE,
            pass_fds=[listening.fileno()],
            start_new_session=True,  # Ctrl-C is for the tests; the server ends after them
        )
    try:
        yield f"{host}:{port}", process.pid
    finally:
        process.communicate()  # closes its standard input and waits
