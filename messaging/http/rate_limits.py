"""Rate limits for each person: token buckets in the memory of this process.

A bucket holds as many tokens as may be used at once, and is refilled at a constant rate
(https://en.wikipedia.org/wiki/Token_bucket). The limits are `LIMITS` in `site_config/settings.py`. Why the
buckets are neither in a cache nor in the database: docs/decisions/0014-buckets-in-memory.md.
"""

import math
from threading import Lock
from time import monotonic

from django.conf import settings

MAX_BUCKETS = 10_000

_buckets: dict[tuple[str, int], tuple[float, float]] = {}  # the tokens left, and the time of the last use
_lock = Lock()


def take_token(act: str, user_id: int) -> int:
    """Take a token from the person's bucket.

    Args:
        act: a key of `settings.LIMITS`.
        user_id: the person.

    Returns:
        0 if a token was taken; otherwise in how many seconds there will be one.
    """
    burst, per_second = settings.LIMITS[act]
    with _lock:
        now = monotonic()
        tokens, at = _buckets.get((act, user_id), (burst, now))
        tokens = min(burst, tokens + (now - at) * per_second)
        if tokens < 1:
            return math.ceil((1 - tokens) / per_second)
        if len(_buckets) >= MAX_BUCKETS:
            _drop_oldest()
        _buckets.pop((act, user_id), None)
        _buckets[act, user_id] = tokens - 1, now
        return 0


def fill_all_buckets() -> None:
    """Fill all buckets, for tests."""
    with _lock:
        _buckets.clear()


def _drop_oldest() -> None:
    """Drop the buckets that were not used for the longest time: they are the most likely to be full again."""
    for key in list(_buckets)[: MAX_BUCKETS // 2]:
        del _buckets[key]
