"""The folder in which files are stored, which all tests of a run share."""

import shutil
from pathlib import Path

from django.core.files.storage import default_storage

MEDIA = Path(default_storage.path(""))


def in_files(word: str) -> list[str]:
    """The files that contain the word."""
    return [str(one) for one in MEDIA.rglob("*") if one.is_file() and word.encode() in one.read_bytes()]


def delete_all() -> None:
    for one in MEDIA.glob("*"):
        shutil.rmtree(one) if one.is_dir() else one.unlink()
