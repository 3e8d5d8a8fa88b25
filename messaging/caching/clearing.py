"""Emptying a cache."""

from django.core.cache import caches
from django_redis.cache import RedisCache


def clear(alias: str) -> None:
    """Empty one of `settings.CACHES`, which may hold names and texts for up to an hour."""
    cache = caches[alias]
    if isinstance(cache, RedisCache):
        # Its clear() would empty the whole Redis, which other programs may use too.
        cache.delete_pattern("*", itersize=1000)
    else:
        cache.clear()
