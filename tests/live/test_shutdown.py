"""The server stops quickly even with open streams, and ends each response properly."""

import signal
import socket
import subprocess
import sys

import pytest

from messaging.models import Conversation, User
from tests.live import other_process
from tests.live.conftest import Listen
from tests.live.serving import served
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)
CUT_OFF = "Cancel"  # uvicorn prints this if something was still open after the grace period
# `manage.py serve`, with as long a grace period as a busy machine may need.
SERVE = f"""
import sys
import django
from django.core.management import execute_from_command_line
django.setup()
from messaging.management.commands import serve
serve.GRACE_SECONDS = {PATIENCE_SECONDS}
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_serve_ends_with_streams_open(
    by: signal.Signals, room: Conversation, ada: User, listen: Listen
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", SERVE, "serve", "--port", str(port)]
    with (
        other_process.environment() as variables,
        subprocess.Popen(
            command,
            env=variables,
            cwd=other_process.ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        assert process.stdout
        started = iter(process.stdout.readline, "")
        assert any("Parley is running at" in line for line in started)
        streams = [listen(ada, room, at=f"http://127.0.0.1:{port}") for _ in range(5)]
        process.send_signal(by)
        for stream in streams:
            stream.to_the_end()
        rest = process.communicate(timeout=PATIENCE_SECONDS)[0]
    assert "Traceback" not in rest
    assert CUT_OFF not in rest


def test_a_server_in_a_thread_ends_its_streams(room: Conversation, ada: User, listen: Listen) -> None:
    with served() as address:
        stream = listen(ada, room, at=address)
    stream.to_the_end()
