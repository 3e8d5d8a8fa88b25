"""Whether a call is quick enough."""

from collections.abc import Callable
from time import thread_time


def within(seconds: float, call: Callable[[], object], runs: int = 3) -> bool:
    """Whether one of the runs is done in this much of the thread's processor time: other work must not count.

    Most are quick enough the first time, and are not run again.
    """
    for _ in range(runs):
        start = thread_time()
        call()
        if thread_time() - start < seconds:
            return True
    return False
