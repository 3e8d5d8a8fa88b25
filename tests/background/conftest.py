"""Runners and worker processes for the tests of background work."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from django.utils import timezone

from messaging.background.models import QueuedTask
from messaging.background.runner import Runner
from tests.background import tasks
from tests.live.other_process import ROOT, environment
from tests.waiting import PATIENCE_SECONDS


def wait_until(is_so: Callable[[], object], what: str) -> None:
    """Wait until `is_so()`. Fails if that takes longer than PATIENCE_SECONDS."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, f"It did not come: {what}."
        time.sleep(0.01)


def expire_leases() -> None:
    """Let the leases of all running tasks expire, as time does when their process was killed."""
    QueuedTask.objects.filter(state="running").update(due_at=timezone.now() - timedelta(seconds=1))


@contextmanager
def running_thread(poll_seconds: float, renewal_seconds: float = 5) -> Iterator[Thread]:
    """A runner in a thread of this process, for as long as the block lasts."""
    runner = Runner(poll_seconds, renewal_seconds)
    thread = Thread(target=runner.run, daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        tasks.released.set()
        runner.end()
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Runner:
    """A runner without a schedule. The test calls `run_next()` for each task."""
    monkeypatch.setattr("messaging.background.runner.SCHEDULE", {})
    tasks.started.clear()
    tasks.released.clear()
    return Runner()


class Worker:
    """`manage.py worker` in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def kill(self) -> None:
        """Kill the process with SIGKILL, which it cannot handle."""
        self._process.kill()
        self._process.wait()

    def ask_to_end(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    def exit_code(self) -> int:
        return self._process.wait(PATIENCE_SECONDS)


StartWorker = Callable[[], Worker]


@pytest.fixture
def pause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """While this file is there, the task `count` pauses half-way, in a worker process."""
    file = tmp_path / "pause"
    file.touch()
    monkeypatch.setenv(tasks.PAUSE_FILE, str(file))
    return file


@pytest.fixture
def start_worker(transactional_db: None) -> Iterator[StartWorker]:
    with environment() as variables, ExitStack() as running:

        def start() -> Worker:
            pause_file = os.environ.get(tasks.PAUSE_FILE)
            more = {tasks.PAUSE_FILE: pause_file} if pause_file else {}
            command = [sys.executable, "manage.py", "worker"]
            process = subprocess.Popen(command, cwd=ROOT, env=variables | more, start_new_session=True)
            running.callback(process.wait)
            running.callback(process.kill)
            return Worker(process)

        yield start
