"""The product's settings in a server process of the tests; the environment says with which database."""

import os

from site_config.settings import *  # noqa: F403
from site_config.settings import CACHES, REDIS_URL, STORAGES, TEMPLATES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files are served from where they are written, under their plain names.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
if REDIS_URL:
    for alias in ("pages", "fragments"):
        CACHES[alias]["OPTIONS"]["CONNECTION_POOL_CLASS"] = "tests.served.noted_pool.NotedPool"
if folder := os.environ.get("PARLEY_TEST_TEMPLATES"):
    TEMPLATES[0]["DIRS"].insert(0, folder)  # type: ignore[attr-defined]
