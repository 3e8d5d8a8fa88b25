"""The product's settings without caches, to measure what each page costs if nothing is cached."""

from bench.settings import *  # noqa: F403
from bench.settings import CACHES

for alias in ("pages", "fragments"):
    CACHES[alias] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
