"""The product's settings with a temporary folder and a fast password hasher. Environment variables:

PARLEY_TEST_DATABASE=postgresql   use a new PostgreSQL instead of an SQLite file
PARLEY_TEST_REDIS=1               cache in a new Redis instead of memory
PARLEY_TEST_PSEUDO=1              every translated text is marked, invisibly (tests/pseudo.py, e2e/marked.py)
PARLEY_TEST_LANGUAGE=ar           the site is in this language, and so is everybody (tests/chosen_language.py)
PARLEY_TEST_MORE=10               ten times as many generated examples (tests/amounts.py)
"""

import atexit
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests import servers

# What is set outside is for the developer's own installation and must not reach the tests.
for name in (
    *("PARLEY_URL", "PARLEY_VAR", "DATABASE_URL", "REDIS_URL", "SECRET_KEY"),
    *("EMAIL_URL", "DEFAULT_FROM_EMAIL", "PARLEY_S3_URL", "PARLEY_PUSH_CONTACT", "PARLEY_SERVICE_WORKER"),
    "PARLEY_LANGUAGE",
    *("PARLEY_METRICS", "PARLEY_LOG", "PARLEY_SQLITE_AUTOCHECKPOINT"),
    *(name for name in os.environ if name.startswith("PARLEY_OIDC_")),
    "PARLEY_PASSWORDS",
):
    os.environ.pop(name, None)
if "PARLEY_TEST_LANGUAGE" in os.environ:
    os.environ["PARLEY_LANGUAGE"] = os.environ["PARLEY_TEST_LANGUAGE"]

running = ExitStack()
atexit.register(running.close)
os.environ["PARLEY_VAR"] = running.enter_context(tempfile.TemporaryDirectory(prefix="parley-tests-"))
if os.environ.get("PARLEY_TEST_DATABASE") == "postgresql":
    os.environ["DATABASE_URL"] = running.enter_context(servers.postgresql())
if os.environ.get("PARLEY_TEST_REDIS") == "1":
    os.environ["REDIS_URL"] = running.enter_context(servers.redis())

from site_config.settings import *  # noqa: E402, F403
from site_config.settings import (  # noqa: E402
    DATABASES,
    LIMITS,
    LOCALE_PATHS,
    STATIC_ROOT,
    STORAGES,
    VAR_DIR,
)

SECRET_KEY = "for tests"
if os.environ.get("PARLEY_TEST_PSEUDO") == "1":
    from tests import pseudo

    pseudo.write(VAR_DIR / "locale", "en", pseudo.INVISIBLE)
    LOCALE_PATHS = [*LOCALE_PATHS, VAR_DIR / "locale"]
# No rate limits, because tests send requests very fast. The tests of the limits set their own.
LIMITS = dict.fromkeys(LIMITS, (10**9, 10**9))
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A worker thread's idle connection would hold up the removal of the test database.
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"] == "site_config.sqlite":
    # A file, because with an in-memory database IMMEDIATE transactions of several threads block each other.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}

# Static files are served from where they are written, under their plain names.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # looks a file up when it is asked for, not all of them for each new client
Path(STATIC_ROOT).mkdir()
