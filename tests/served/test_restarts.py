"""All processes are restarted one after the other, while people write: nothing fails, nothing is missing."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from django.core.management import call_command

from messaging.http.server import Server
from messaging.http.server_protocol import ServerProtocol
from messaging.models import Conversation, User
from tests import nginx
from tests.live.conftest import cookie_of
from tests.live.stream_client import StreamClient
from tests.served.processes import ROOT, outside
from tests.waiting import PATIENCE_SECONDS, until


def test_no_request_fails_and_no_message_is_missing() -> None:
    """The short form of `python -m bench.restarts`, which ends with 1 if something did or was."""
    nginx.needed()
    ran = subprocess.run(
        [sys.executable, "-m", "bench.restarts", *["--rounds", "1", "--people", "12", "--any-lateness"]],
        cwd=ROOT,
        env=outside(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, "Traceback" in ran.stderr) == (0, False), ran.stdout + ran.stderr
    again = re.search(r"(\d+) messages to 12 pages, whose streams were opened again (\d+) times", ran.stdout)
    assert again
    assert int(again[1]) > 0
    assert int(again[2]) >= 12  # so each stream was once in a process that ended


def test_a_process_that_stops_serves_what_is_on_its_way_and_only_then_ends_its_streams(
    environment: dict[str, str], transactional_db: None, room: Conversation, ada: User
) -> None:
    """Each connection here is what a proxy has: idle, new, or a stream."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    call_command("createcachetable", verbosity=0)
    command = [sys.executable, "manage.py", "serve", "--pages-only", "--port", str(port)]
    with ExitStack() as running:
        process = running.enter_context(subprocess.Popen(command, cwd=ROOT, env=outside() | environment))
        running.callback(process.kill)
        until(lambda: ask(port, "/ready") == 200)
        with closing(HTTPConnection("127.0.0.1", port)) as idle:
            assert answer_to(idle, "/up") == (204, None)
            path = f"/live/?conversation={room.pk}"
            stream = StreamClient(f"http://127.0.0.1:{port}", path, Cookie=cookie_of(ada))
            assert stream.status == 200
            process.send_signal(signal.SIGTERM)
            until(lambda: ask(port, "/ready") == 503)  # by a new connection
            assert answer_to(idle, "/up") == (204, "close")
            assert not stream.is_over
        stream.to_the_end()
        stream.close()
        assert ask(port, "/up") is None  # so the page opens its stream elsewhere
        assert process.wait() == 0


def test_a_request_that_comes_late_on_the_last_connection_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As of a proxy that was stopped for a moment between connecting and sending."""
    monkeypatch.setattr("messaging.http.server._IDLE_SECONDS", PATIENCE_SECONDS)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    config = uvicorn.Config(application, http=ServerProtocol, lifespan="off", log_level="critical")
    server = Server(config, drain_seconds=0.1)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        with closing(HTTPConnection(*listening.getsockname())) as connection:
            connection.connect()
            until(lambda: server.server_state.connections)
            server.should_exit = True
            thread.join(1.5)  # longer than it takes if there is no such connection
            assert thread.is_alive()
            with closing(HTTPConnection(*listening.getsockname())) as new:
                assert answer_to(new, "/") == (204, "close")
            assert answer_to(connection, "/") == (204, "close")
        thread.join()


def ask(port: int, path: str) -> int | None:
    """The status by a connection of its own; None if it is refused."""
    try:
        with closing(HTTPConnection("127.0.0.1", port)) as connection:
            return answer_to(connection, path)[0]
    except ConnectionError:
        return None


def answer_to(connection: HTTPConnection, path: str) -> tuple[int, str | None]:
    """The status, and what it says of the connection."""
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.getheader("Connection")


STEPS = (
    "parley-manage migrate --verbosity 0",
    "parley-manage createcachetable --verbosity 0",
    "parley-manage collectstatic --no-input --verbosity 0",
)


@pytest.mark.parametrize(("ready", "restarted"), [("true", [1, 2, 0]), ("false", [1])])
def test_the_script_goes_on_only_while_processes_are_ready(
    ready: str, restarted: list[int], tmp_path: Path
) -> None:
    """With programs that only say that they were called."""
    for name, program in {
        "deploy/parley-manage": f'echo "parley-manage $*" >> {tmp_path}/calls',
        "bin/systemctl": f'echo "systemctl $*" >> {tmp_path}/calls',
        ".venv/bin/python": ready,
        "bin/sleep": "true",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{program}\n")
        path.chmod(0o755)
    script = tmp_path / "deploy/parley-restart"
    script.write_bytes((ROOT / "deploy/parley-restart").read_bytes())
    variables = outside() | {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}"}
    ran = subprocess.run(
        ["sh", script, "8001", "8002"], env=variables, capture_output=True, text=True, check=False
    )
    units = {0: "parley-worker", 1: "parley@8001", 2: "parley@8002"}
    expected = [*STEPS, *(f"systemctl restart {units[number]}" for number in restarted)]
    assert (tmp_path / "calls").read_text().splitlines() == expected
    assert (ran.returncode, "parley@8001 is not ready" in ran.stderr) == ((1, True), (0, False))[
        ready == "true"
    ]
