"""A server that runs for weeks tidies every day."""

import logging
import socket
import threading
from threading import Event
from typing import Any

import pytest
import uvicorn

from messaging import tidying
from messaging.management.commands.serve import Command


def test_it_is_done_again_and_again_whatever_came_in_between(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    over, called = Event(), []

    def tidy(*names: str, **options: Any) -> None:
        called.append(names)
        if len(called) == 3:
            over.set()
        raise OSError("The disk is away.")

    monkeypatch.setattr(tidying, "call_command", tidy)
    with caplog.at_level(logging.CRITICAL):
        tidying._tidy(0.001, over)
    assert called == [("tidy",)] * 3


def test_serve_has_it_done_while_it_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []

    def run(self: uvicorn.Server, sockets: list[socket.socket]) -> None:
        names.extend(thread.name for thread in threading.enumerate())

    monkeypatch.setattr(uvicorn.Server, "run", run)
    with socket.socket() as listening:
        Command()._serve(listening)
    assert "tidy" in names
