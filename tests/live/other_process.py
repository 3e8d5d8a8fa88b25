"""Starts another process of the same installation, such as a management command or a second server."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.waiting import until

ROOT = Path(__file__).parent.parent.parent

PREAMBLE = """
import django
django.setup()
from messaging.models import *
from messaging.models.messages.saving import post
"""


def database_url() -> str:
    """The test database, as DATABASE_URL names it."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"postgres://postgres@/{connection.settings_dict['HOST']}/{name}"


@contextmanager
def environment(redis_url: str = "") -> Iterator[dict[str, str]]:
    """The environment variables of such a process."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("PARLEY_", "REDIS_"))}
    with tempfile.TemporaryDirectory() as folder:
        yield ours | {
            "DJANGO_SETTINGS_MODULE": "site_config.settings",
            "DATABASE_URL": database_url(),
            "REDIS_URL": redis_url,
            "PARLEY_VAR": folder,
            "SECRET_KEY": settings.SECRET_KEY,
            "PYTHONPATH": str(ROOT),
        }


def run(code: str, redis_url: str = "") -> str:
    """Run Python code with the models imported in another process. Returns what it printed."""
    program = f"{PREAMBLE}\n{code}"
    with environment(redis_url) as variables:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", program],
            env=variables,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def server_process(variables: dict[str, str]) -> Iterator[str]:
    """Runs uvicorn in a process of its own; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "site_config.asgi:application", "--port", str(port)]
    options = ["--lifespan", "off", "--log-level", "warning", "--timeout-graceful-shutdown", "2"]
    with subprocess.Popen([*command, *options], env=variables, cwd=ROOT) as process:

        def answers() -> bool:
            assert process.poll() is None, "The server ended while it started."
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port)).close()
                return True
            return False

        until(answers, otherwise="The server did not start.")
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
