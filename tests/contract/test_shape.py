"""The project's shape: its top level, the real use of the required packages, no JavaScript framework."""

import ast
import json
import re
import tomllib
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from messaging.models import Conversation, User

ROOT = Path(__file__).parent.parent.parent
FIXED = {
    *("manage.py", "pyproject.toml", "README.md"),
    *("site_config", "messaging", "templates", "static", "e2e", "tests"),
}
ALSO_ALLOWED = {
    *("Makefile", "requirements.lock", "requirements-dev.lock", "package.json", "package-lock.json"),
    *("LICENSE", "CHANGELOG.md", "docs", "bench", "deploy"),
}


def test_the_top_level_holds_what_the_contract_names_and_little_else() -> None:
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text().split()]
    names = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    names = {name for name in names if not any(fnmatch(name, pattern) for pattern in ignored)}
    assert names >= FIXED
    assert names - FIXED <= ALSO_ALLOWED


def imported_by(folder: str) -> set[str]:
    """The packages that the code in a folder really imports."""
    found: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found


def packages_wanted(group: str) -> set[str]:
    """The names that pyproject.toml asks for: to run Parley, or to develop it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lines = project["project"]["dependencies"] if group == "run" else project["dependency-groups"][group]
    return {re.split(r"[\[<>=~! ]", line)[0] for line in lines}


def test_every_package_of_the_contract_is_a_dependency() -> None:
    run = {"django", "django-htmx", "django-crispy-forms", "crispy-tailwind", "django-redis"}
    assert run <= packages_wanted("run")
    assert {"pytest-django", "playwright"} <= packages_wanted("dev")


@pytest.mark.parametrize(
    ("folder", "package"),
    [("messaging", "django"), ("site_config", "django"), ("tests", "pytest_django"), ("e2e", "playwright")],
)
def test_the_package_is_imported_in_the_folder(folder: str, package: str) -> None:
    assert package in imported_by(folder)


@pytest.mark.parametrize("package", ["django", "django_htmx", "crispy_forms", "crispy_tailwind"])
def test_the_package_is_part_of_the_program(package: str) -> None:
    parts = [*settings.INSTALLED_APPS, *settings.MIDDLEWARE]
    assert any(part.partition(".")[0] == package for part in parts)


def test_these_tests_run_under_pytest_django(request: pytest.FixtureRequest) -> None:
    assert request.config.pluginmanager.hasplugin("django")


def test_the_browser_tests_are_there() -> None:
    assert list((ROOT / "e2e").glob("test_*.py"))


@pytest.fixture
def composer(room: Conversation, ada: User, signed_in: Callable[[User], Client]) -> Any:
    return signed_in(ada).get(reverse("conversation", args=[room.pk]))


def test_forms_are_drawn_by_crispy_forms_from_the_tailwind_pack(composer: Any) -> None:
    assert settings.CRISPY_TEMPLATE_PACK == "tailwind"
    drawn_from = {template.name for template in composer.templates}
    assert "tailwind/field.html" in drawn_from


def test_views_know_of_htmx_by_django_htmx(composer: Any) -> None:
    assert isinstance(composer.wsgi_request.htmx, HtmxDetails)


def test_the_only_script_from_elsewhere_is_htmx(composer: Any) -> None:
    scripts = re.findall(r"<script[^>]* src=\"([^\"]+)\"", composer.content.decode())
    assert [script for script in scripts if "/vendor/" in script] == ["/static/vendor/htmx.bundle.js"]
    assert all(script.startswith(("/static/js/", "/static/vendor/")) for script in scripts)
    for path in (ROOT / "static/js").rglob("*.js"):
        sources = re.findall(
            r"^\s*(?:import\s*|(?:import|export)\b[^;\"']*?\bfrom\s*)[\"']([^\"']+)[\"']",
            path.read_text(),
            re.MULTILINE,
        )
        assert all(source.startswith("./") for source in sources), path


def test_no_package_of_node_is_a_framework() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    assert "dependencies" not in package
    build_and_lint_tools = ("terser", "oxlint", "subset-font", "fontverter")  # the last two make the fonts
    allowed = ("htmx.org", "tailwindcss", "@tailwindcss/", "@fontsource", *build_and_lint_tools)
    assert [name for name in package["devDependencies"] if not name.startswith(allowed)] == []
