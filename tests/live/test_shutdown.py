"""The server ends soon, whatever is open, and every stream is ended as an answer should be."""

import signal
import socket
import subprocess
import sys

import pytest

from messaging.models import Conversation, User
from tests.live import elsewhere
from tests.live.conftest import Listen
from tests.live.serving import served
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)
CUT_OFF = "Cancel"  # uvicorn's word when something was still open after the time that it gives


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_serve_ends_with_streams_open(
    by: signal.Signals, room: Conversation, ada: User, listen: Listen
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with (
        elsewhere.environment() as variables,
        subprocess.Popen(
            command,
            env=variables,
            cwd=elsewhere.ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        assert process.stdout
        said = process.stdout.readline()
        assert "Parley is running at" in said, said
        ears = [listen(ada, room, at=f"http://127.0.0.1:{port}") for _ in range(5)]
        process.send_signal(by)
        for ear in ears:
            ear.to_the_end()
        rest = process.communicate(timeout=PATIENCE_SECONDS)[0]
    assert "Traceback" not in rest
    assert CUT_OFF not in rest


def test_a_server_in_a_thread_ends_too(room: Conversation, ada: User, listen: Listen) -> None:
    with served() as address:
        ear = listen(ada, room, at=address)
    ear.to_the_end()
