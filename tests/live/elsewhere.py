"""Another process of the same installation: what a management command, a shell or a second worker is."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).parent.parent.parent


def database_url() -> str:
    """The test database, as DATABASE_URL names it."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"postgres://postgres@/{connection.settings_dict['HOST']}/{name}"


@contextmanager
def environment(redis_url: str = "") -> Iterator[dict[str, str]]:
    """What such a process is started with."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("PARLEY_", "REDIS_"))}
    with tempfile.TemporaryDirectory() as folder:
        yield ours | {
            "DJANGO_SETTINGS_MODULE": "site_config.settings",
            "DATABASE_URL": database_url(),
            "REDIS_URL": redis_url,
            "PARLEY_VAR": folder,
            "SECRET_KEY": settings.SECRET_KEY,
            "PYTHONPATH": str(ROOT),
        }


def run(code: str, redis_url: str = "") -> str:
    """Run Python with the models at hand in another process; what it printed."""
    program = f"import django\ndjango.setup()\nfrom messaging.models import *\n{code}"
    with environment(redis_url) as variables:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", program],
            env=variables,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout
