"""How long a call takes."""

from collections.abc import Callable
from time import thread_time

RUNS = 10


def fastest(call: Callable[[], object], runs: int = 3, enough: float | None = None) -> float:
    """Return the seconds of the fastest run, in this thread's processor time: other work must not count.

    A busy machine slows that down too, so with `enough` it is tried up to ten times, until one run took less.
    """
    best = float("inf")
    for _ in range(RUNS if enough else runs):
        start = thread_time()
        call()
        best = min(best, thread_time() - start)
        if enough and best < enough:
            break
    return best
