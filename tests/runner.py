"""`manage.py test`: the suite, run by pytest.

Django's own runner looks for `unittest` classes, finds none, and reports success.
https://pytest-django.readthedocs.io/en/latest/faq.html#how-can-i-use-manage-py-test-with-pytest-django
"""

import importlib.util
import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import CommandError

ROOT = Path(__file__).parent.parent


class PytestRunner:
    """Runs pytest in a process of its own, under `tests.settings` instead of the installation's settings."""

    def __init__(
        self,
        *,
        verbosity: int = 1,
        failfast: bool = False,
        keepdb: bool = False,
        keyword: str = "",
        **options: Any,
    ) -> None:
        if importlib.util.find_spec("pytest") is None:
            raise CommandError("pytest is not installed here; `make test` installs it and runs everything.")
        self.arguments = {0: ["--quiet", "--quiet"], 1: [], 2: ["-v"], 3: ["-vv"]}[verbosity]
        if failfast:
            self.arguments.append("--exitfirst")
        if keepdb:
            self.arguments.append("--reuse-db")
        if keyword:
            self.arguments += ["-k", keyword]

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        parser.add_argument("--failfast", action="store_true", help="Stop at the first failure.")
        parser.add_argument("--keepdb", action="store_true", help="Keep the test database.")
        parser.add_argument("-k", dest="keyword", default="", help="Only tests whose names match.")

    def run_tests(self, labels: Sequence[str]) -> int:
        """Runs the tests of the labels, everything in `tests/` when there is none.

        Ends the process with pytest's own exit code if that is not 0. A label is an application's name or a
        path; CommandError for any other, since a mistyped one must not look like success.
        """
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        command = [sys.executable, "-m", "pytest", *self.arguments, *self._paths(labels)]
        if code := subprocess.run(command, cwd=ROOT, env=environment).returncode:
            sys.exit(code)
        return 0

    def _paths(self, labels: Sequence[str]) -> list[str]:
        ours = {config.label for config in apps.get_app_configs() if Path(config.path).parent == ROOT}
        paths = {"tests" if label in ours else label for label in labels or sorted(ours)}
        for path in paths:
            if not (ROOT / path.partition("::")[0]).exists():
                raise CommandError(f"There is no application of ours and no test file called {path!r}.")
        return sorted(paths)
