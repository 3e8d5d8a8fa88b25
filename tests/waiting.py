"""Waits for a state for as long as a busy machine may need, so that only a hanging program fails a test."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 180.0


def until(holds: Callable[[], object], otherwise: str = "It did not happen.") -> None:
    """Return as soon as `holds()` is true."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.002)
