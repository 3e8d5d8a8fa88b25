"""How long a call takes."""

from collections.abc import Callable
from time import thread_time


def fastest(call: Callable[[], object], runs: int = 3) -> float:
    """Return the seconds of the fastest run, in this thread's processor time: other work must not count."""
    times = []
    for _ in range(runs):
        start = thread_time()
        call()
        times.append(thread_time() - start)
    return min(times)
