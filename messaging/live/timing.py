"""How long changes take from a wake-up to the streams, for those who measure it."""

from collections.abc import Callable
from time import monotonic

observers: list[Callable[[float], object]] = []  # callables that get the seconds


class Stopwatch:
    """Runs from the first wake-up until something was written. Without observers it never runs."""

    def __init__(self) -> None:
        self._since: float | None = None

    def start(self) -> None:
        if observers and self._since is None:
            self._since = monotonic()

    def stop(self) -> None:
        if self._since is not None:
            seconds, self._since = monotonic() - self._since, None
            for observe in observers:
                observe(seconds)
