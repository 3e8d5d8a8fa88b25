"""How long a call takes, on the machine that the bounds were set on."""

import re
from collections.abc import Callable
from time import thread_time

RUNS = 10
# What `_yardstick` took there. Machines differ, and a busy one is slower in processor time too, so what is
# measured is compared with like work beside it. Worked back from the list of slow languages, which was made
# there: no other took more than 30 ms; where the slowest of those takes 48, the yardstick takes 1.2.
YARDSTICK_SECONDS = 0.00075
WORDS = re.compile(r"(?:[a-z]+|\d+|[^\sa-z\d])")
TEXT = "let x = 12; // and so on\n" * 200


def fastest(call: Callable[[], object], runs: int = 3, enough: float | None = None) -> float:
    """Return the seconds of the fastest run, in this thread's processor time: other work must not count.

    A busy machine slows that down too, so with `enough` it is tried up to ten times, until one run took less.
    """
    best = float("inf")
    for _ in range(RUNS if enough else runs):
        pace = max(1.0, _seconds(_yardstick) / YARDSTICK_SECONDS)
        best = min(best, _seconds(call) / pace)
        if enough and best < enough:
            break
    return best


def _seconds(call: Callable[[], object]) -> float:
    start = thread_time()
    call()
    return thread_time() - start


def _yardstick() -> int:
    """A lexer's kind of work: a pattern, token by token, and a little Python for each."""
    place = count = 0
    while place < len(TEXT):
        found = WORDS.match(TEXT, place)
        place = found.end() if found else place + 1
        count += 1
    return count
