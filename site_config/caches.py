"""The kinds of caches."""

from typing import Any


def local_memory(name: str, entries: int) -> dict[str, Any]:
    return {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": name,
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": entries},
    }


def redis(name: str, address: str) -> dict[str, Any]:
    return {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": address,
        "KEY_PREFIX": f"parley:{name}",
        "TIMEOUT": 3600,
        "OPTIONS": {
            "IGNORE_EXCEPTIONS": True,
            "SOCKET_CONNECT_TIMEOUT": 0.5,
            "SOCKET_TIMEOUT": 0.5,
            "CONNECTION_POOL_CLASS": "messaging.caching.redis_pool.RestingPool",
        },
    }


def in_database(entries: int) -> dict[str, Any]:
    """For data that must not depend on Redis, and that all processes share."""
    return {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "parley_cache",
        "OPTIONS": {"MAX_ENTRIES": entries},
    }
