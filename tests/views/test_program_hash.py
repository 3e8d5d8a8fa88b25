"""The hash of the program, which is part of the cache keys, so that a deploy serves no old markup."""

import shutil
from pathlib import Path

import pytest
from pytest_django import Settings

from messaging.caching import program as module

PACKAGE = module.PROGRAM
TOP_FOLDERS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


@pytest.fixture
def program(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the program, with a translation."""
    copy = tmp_path / "messaging"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    no_python = shutil.ignore_patterns("*.py")  # makemessages puts some there for a moment
    shutil.copytree(settings.TEMPLATES[0]["DIRS"][0], tmp_path / "templates", ignore=no_python)
    (copy / "locale").mkdir(exist_ok=True)
    (copy / "locale" / "django.mo").write_bytes(b"one")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path / "templates"]}]
    monkeypatch.setattr(module, "PROGRAM", copy)
    return tmp_path


def hash_at_start() -> str:
    """The hash that a newly started process would compute."""
    return module.program_hash.__wrapped__()


def test_the_package_is_hashed_from_its_root() -> None:
    assert (PACKAGE / "apps.py").exists()
    assert {"models", "views", "text", "live", "caching"} <= set(TOP_FOLDERS)


@pytest.mark.parametrize("folder", [".", *TOP_FOLDERS])
def test_a_change_in_any_folder_changes_the_hash(program: Path, folder: str) -> None:
    before = hash_at_start()
    assert hash_at_start() == before
    file = next((program / "messaging" / folder).rglob("*.py"))
    file.write_text(file.read_text() + "\n# another line\n")
    assert hash_at_start() != before


@pytest.mark.parametrize("name", ["templates/messaging/messages/_message.html", "messaging/locale/django.mo"])
def test_a_change_of_a_template_or_a_translation_changes_the_hash(program: Path, name: str) -> None:
    before = hash_at_start()
    (program / name).write_bytes(b"another")
    changed = hash_at_start()
    (program / name).rename((program / name).with_stem("another"))
    assert len({before, changed, hash_at_start()}) == 3


def test_a_file_that_makemessages_puts_beside_a_template_for_a_moment_is_not_read(program: Path) -> None:
    before = hash_at_start()
    (program / "templates/messaging/_it.html.py").symlink_to("gone")
    assert hash_at_start() == before


def test_the_hash_changes_with_django(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = hash_at_start()
    monkeypatch.setattr("django.__version__", "6.0")
    assert hash_at_start() != before


def test_the_hash_is_computed_once_per_process() -> None:
    assert module.program_hash() is module.program_hash()
    assert module.program_hash() == hash_at_start()
