"""How often a signed-in person may enter a wrong password or code: one count for each account.

Every form that asks a signed-in person for their password or a code uses it. It is kept in the cache
`default`, like the counts of sign-in, but apart from them: a stranger who tries passwords at the sign-in page
locks nobody out here, and what is tried here locks nobody out there.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.core import context
from allauth.core.internal.ratelimit import Rate, apply_rate, cache_lock
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from messaging.models import User

LIMIT = Rate(amount=10, duration=15 * 60, per="user")
LOCKED_SECONDS = 1  # to wait if too many requests of one person come at the same moment


@contextmanager
def counted_attempt(user: User) -> Iterator[None]:
    """Count an attempt, and take that back if the block does not raise: then the attempt was right.

    It is counted before the block is run, so that many attempts at once are counted too.

    Raises:
        ValidationError: code "too_many_attempts"; the block is not run. The response becomes a 429
            (`AccountPagesMiddleware`).
    """
    now = time.time()
    if wait := _take(user.pk, now):
        context.request.wait_seconds = wait
        raise ValidationError(
            ngettext(
                "Too many wrong passwords or codes. Nothing was changed: try again in %(minutes)d minute.",
                "Too many wrong passwords or codes. Nothing was changed: try again in %(minutes)d minutes.",
                math.ceil(wait / 60),
            ),
            code="too_many_attempts",
            params={"minutes": math.ceil(wait / 60)},
        )
    yield
    _give_back(user.pk, now)


def _take(user_id: int, now: float) -> int:
    """Count an attempt. Returns 0; or the seconds to wait, if it is one too many and was not counted."""
    with cache_lock(_key(user_id)) as is_locked:
        if not is_locked:
            return LOCKED_SECONDS
        is_allowed, history = apply_rate(cache.get(_key(user_id), []), now, LIMIT)
        if not is_allowed:
            return max(math.ceil(history[-1] + LIMIT.duration - now), 1)
        cache.set(_key(user_id), history, LIMIT.duration)
        return 0


def _give_back(user_id: int, at: float) -> None:
    with cache_lock(_key(user_id)) as is_locked:
        history: list[Any] = cache.get(_key(user_id), [])
        if is_locked and at in history:
            history.remove(at)
            cache.set(_key(user_id), history, LIMIT.duration)


def _key(user_id: int) -> str:
    return f"attempts:{user_id}"
