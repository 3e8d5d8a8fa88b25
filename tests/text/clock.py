"""Whether a call is quick enough, measured against other work.

What Python does can be counted (tests/work.py); a regular expression is one call, however long it takes.
"""

import re
from collections.abc import Callable
from time import thread_time

RUNS = 20
# Takes 1 ms on a quiet machine of 2 cores: a pattern that, as in a lexer, begins anew at each character.
PATTERN = re.compile(r"(?:ab|ba)*c")
TEXT = "ab" * 212


def is_quick(call: Callable[[], object], units: float) -> bool:
    """Whether it takes the thread less time than so many units, each as long as one that is measured right
    before or after it.

    If a machine is slow, or busy with other work, both take longer. Most calls are quick enough the first
    time; one that is not is run a few more times, since other work may have interrupted it.
    """
    for _ in range(RUNS):
        before = _seconds(unit)
        taken = _seconds(call)
        if taken < units * before or taken < units * _seconds(unit):
            return True
    return False


def unit() -> None:
    assert not PATTERN.search(TEXT)


def _seconds(call: Callable[[], object]) -> float:
    start = thread_time()
    call()
    return thread_time() - start
