"""The build: what of the program is in the caches' keys, so that a deploy serves no old markup."""

from pathlib import Path

import pytest
from pytest_django import Settings

from messaging import caching


@pytest.fixture
def program(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of one template and one module."""
    for name, text in {"templates/messages/_message.html": "one", "models/users.py": "initials = 2"}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path / "templates"]}]
    monkeypatch.setattr(caching, "PROGRAM", tmp_path / "models")
    return tmp_path


def build_at_start() -> str:
    """As a process has it that starts now."""
    return caching.build.__wrapped__()


@pytest.mark.parametrize("name", ["templates/messages/_message.html", "models/users.py"])
def test_the_build_changes_with_any_template_and_any_code(program: Path, name: str) -> None:
    one = build_at_start()
    assert build_at_start() == one
    (program / name).write_text("two")
    two = build_at_start()
    (program / name).rename((program / name).with_stem("another"))
    assert len({one, two, build_at_start()}) == 3


def test_the_build_changes_with_django(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = build_at_start()
    monkeypatch.setattr("django.__version__", "6.0")
    assert build_at_start() != one


def test_the_build_is_found_once_in_a_process() -> None:
    assert caching.build() is caching.build()
    assert caching.build() == build_at_start()
