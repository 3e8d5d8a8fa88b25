"""The product's settings without a cache: what each page costs when nothing of it is kept."""

from bench.settings import *  # noqa: F403
from bench.settings import CACHES

for alias in ("pages", "fragments"):
    CACHES[alias] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
