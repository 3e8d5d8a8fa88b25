"""The product's settings without a cache: what each page costs when nothing of it is kept."""

from site_config.settings import *  # noqa: F403
from site_config.settings import CACHES

for alias in ("pages", "fragments"):
    CACHES[alias] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
