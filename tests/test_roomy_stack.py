"""Calls of a request cross no border between CPython's chunks of frames: no memory is asked for in a loop."""

import asyncio
import resource
import sys
from threading import Thread
from typing import Any

from messaging.http.bridge import Bridge
from messaging.http.roomy_stack import with_room

CALLS = 2000  # from each depth
MINE = getattr(resource, "RUSAGE_THREAD", resource.RUSAGE_SELF)  # of this thread, on Linux
DEPTH = 250  # the deepest page makes some 100 calls within each other


def nothing() -> None:
    pass


def most_page_faults(depth: int = DEPTH) -> int:
    """How often the system had to give memory, at the worst depth: a border costs a page for each call."""
    before = resource.getrusage(MINE).ru_minflt
    for _ in range(CALLS):
        nothing()
    faults = resource.getrusage(MINE).ru_minflt - before
    return max(faults, most_page_faults(depth - 1)) if depth else faults


def in_thread(act: Any) -> Any:
    found: list[Any] = []
    thread = Thread(target=lambda: found.append(act()))
    thread.start()
    thread.join()
    return found[0]


if sys.version_info < (3, 13):  # newer CPythons keep the last chunk

    def test_without_room_a_border_costs_a_page_for_each_call() -> None:
        assert in_thread(most_page_faults) >= CALLS


def test_with_room_no_call_costs_a_page() -> None:
    assert in_thread(lambda: with_room(most_page_faults)) < CALLS / 2


def test_requests_have_room() -> None:
    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [str(most_page_faults()).encode()]

    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "http_version": "1.1",
        "headers": [],
    }
    asyncio.run(Bridge(application, 1)(scope, receive, send))
    assert int(sent[-1]["body"]) < CALLS / 2
