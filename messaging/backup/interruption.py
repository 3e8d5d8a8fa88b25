"""A mark in PARLEY_VAR while a copy is put back, so that an interruption is noticed."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.conf import settings

from messaging.backup.errors import BackupError
from messaging.backup.folder import write_out

NAME: Final = "restoring.json"


def begin(copy: Path, aside: Path) -> list[Path]:
    """Say that a copy is being put back, before anything is replaced.

    Args:
        aside: the folder for what is there now.

    Returns:
        The folders of attempts that were interrupted, the first one first.
    """
    earlier = _folders()
    content = {"copy": str(copy.resolve()), "aside": [*map(str, earlier), str(aside)]}
    _path().write_text(json.dumps(content))
    write_out(_path())
    write_out(_path().parent)
    return earlier


def first_without(folders: Sequence[Path], name: str) -> Path:
    """Where something that is replaced is kept: in the first folder that does not have it yet. So the first
    one gets all that was there before every attempt, and later ones what earlier attempts had put there.

    Args:
        folders: of all attempts; the last one is new.
    """
    return next((folder for folder in folders if not (folder / name).exists()), folders[-1])


def end() -> None:
    """Everything is put back."""
    _path().unlink()


def refuse_half_restored() -> None:
    """Raises BackupError: putting back a copy was interrupted, so database, files and key may not fit."""
    if not _path().exists():
        return
    earlier = _folders()
    kept = f" What was here before is in {earlier[0]}." if earlier else ""
    copy = _content().get("copy")
    raise BackupError(
        f"Putting back {copy or 'a copy'} was interrupted, so this installation is half restored.{kept} "
        f"Run: {settings.MANAGE} restore {copy or 'FOLDER'} --force"
    )


def _folders() -> list[Path]:
    return [Path(name) for name in _content().get("aside", [])]


def _content() -> dict[str, list[str]]:
    try:
        content = json.loads(_path().read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _path() -> Path:
    return Path(settings.VAR_DIR) / NAME
