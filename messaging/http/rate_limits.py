"""How fast a person may act: token buckets, in the memory of this process.

A bucket holds as many tokens as may be used at once, and fills up again at a steady rate
(https://en.wikipedia.org/wiki/Token_bucket). Why it is not kept in a cache or the database:
docs/decisions/0014-buckets-in-memory.md.
"""

import math
from threading import Lock
from time import monotonic

from django.conf import settings

MOST_BUCKETS = 10_000

_buckets: dict[tuple[str, int], tuple[float, float]] = {}  # the tokens that were left, and when
_lock = Lock()


def wait_for(act: str, user_id: int) -> int:
    """Take a token for the act, one of `settings.LIMITS`.

    Returns:
        0; or in how many seconds there will be one, and none is taken.
    """
    burst, per_second = settings.LIMITS[act]
    with _lock:
        now = monotonic()
        tokens, at = _buckets.get((act, user_id), (burst, now))
        tokens = min(burst, tokens + (now - at) * per_second)
        if tokens < 1:
            return math.ceil((1 - tokens) / per_second)
        if len(_buckets) >= MOST_BUCKETS:
            _forget_the_oldest()
        _buckets.pop((act, user_id), None)
        _buckets[act, user_id] = tokens - 1, now
        return 0


def forget_all() -> None:
    """Fill every bucket."""
    with _lock:
        _buckets.clear()


def _forget_the_oldest() -> None:
    """Those that nobody took from for the longest time, which come first, are most likely full again."""
    for key in list(_buckets)[: MOST_BUCKETS // 2]:
        del _buckets[key]
