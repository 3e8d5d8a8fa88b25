"""Server-sent events as bytes. What each event means is in the docstring of `messaging.live`."""

import json
from typing import Any


def event(name: str, data: str = "") -> bytes:
    """A named event. htmx dispatches it as a DOM event; it swaps nothing, and the page keeps its cursor."""
    return f"event: {name}\n{_lines(data)}\n".encode()


def json_event(name: str, data: Any) -> bytes:
    return event(name, json.dumps(data, separators=(",", ":"), sort_keys=True))


def swap(html: str, cursor: object) -> bytes:
    """HTML for htmx to swap in, with the cursor of a page that has applied it."""
    return f"id: {cursor}\n{_lines(html)}\n".encode()


def _lines(data: str) -> str:
    """A `data` field for each line: an empty line would end the event. A lone CR ends a line too."""
    lines = data.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "".join(f"data: {line}\n" for line in lines)


BEAT = event("beat")
RESET = event("reset")
REMOVED = event("removed")
SIGNED_OUT = event("signed-out")
REPLACED = event("replaced")
