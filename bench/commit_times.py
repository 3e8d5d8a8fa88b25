"""Writes down when a server has committed a message: for `bench.live`, which reads it in another process."""

import os
import struct
import time
from collections.abc import Callable

from django.apps import AppConfig

from messaging.live import wakeups
from messaging.live.wakeups import Wakeup

TIME = struct.Struct("q")


class CommitTimes(AppConfig):
    """If BENCH_COMMITS is set, appends the time of each change of a conversation to this file.

    The wake-up of a change is sent directly after its commit. Times are those of `time.monotonic_ns()`.
    """

    name = "bench"

    def ready(self) -> None:
        if path := os.environ.get("BENCH_COMMITS"):
            wakeups.listeners.add(_writer(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)))


def _writer(file: int) -> Callable[[Wakeup], None]:
    def note(wakeup: Wakeup) -> None:
        if wakeup.conversations:
            os.write(file, TIME.pack(time.monotonic_ns()))

    return note


def read_commit_times(path: str) -> list[int]:
    """The times in the file, in the order of the commits."""
    with open(path, "rb") as file:
        return [time for (time,) in TIME.iter_unpack(file.read())]
