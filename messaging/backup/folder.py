"""The folder of the copies: which are whole, which is the newest, and which are too old."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from messaging.backup import manifest
from messaging.backup.errors import BackupError

UNFINISHED: Final = ".unfinished"
_FORM: Final = "%Y-%m-%dT%H%M%SZ"
_NAME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")


def copies(folder: Path) -> list[Path]:
    """The whole copies, oldest first."""
    if not folder.is_dir():
        return []
    named = (path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    return sorted(path for path in named if (path / manifest.NAME).is_file())


def chosen(folder: Path) -> Path:
    """The copy that somebody names: itself, or the newest in the folder of the copies.

    Raises:
        BackupError: there is none.
    """
    if folder.resolve().name.endswith(UNFINISHED):
        raise BackupError(f"{folder} was interrupted, so it is no whole copy. Use another one.")
    if _NAME.fullmatch(folder.resolve().name) or (folder / manifest.NAME).exists():
        return folder
    if found := copies(folder):
        return found[-1]
    raise BackupError(f"There is no copy in {folder}. Make one with: {settings.MANAGE} backup {folder}")


def made_at(copy: Path) -> datetime:
    return datetime.strptime(copy.name, _FORM).replace(tzinfo=UTC)


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder for one backup, and delete what interrupted ones left.

    Raises:
        BackupError: another backup is being made there, or it cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise BackupError(f"{folder} cannot be written ({error.strerror}). Choose another folder.") from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BackupError(f"Another backup into {folder} is being made. Wait for it to end.") from None
        for left in folder.glob(f"*{UNFINISHED}"):
            shutil.rmtree(left)
        yield
    finally:
        os.close(lock)


def new_copy(folder: Path, now: datetime) -> Path:
    """An empty folder for a copy that is not finished. Its name comes after those of all others."""
    if found := copies(folder):
        now = max(now, made_at(found[-1]) + timedelta(seconds=1))
    path = folder / (now.strftime(_FORM) + UNFINISHED)
    path.mkdir(mode=0o700)
    return path


def finish(unfinished: Path) -> Path:
    """Give a copy its name, after everything in it is on the disk."""
    for path in (*unfinished.rglob("*"), unfinished):
        if path.is_dir() or path.stat().st_nlink == 1:  # a link is on the disk since the copy before
            write_out(path)
    path = unfinished.rename(unfinished.with_name(unfinished.name.removesuffix(UNFINISHED)))
    write_out(path.parent)
    return path


def write_out(path: Path) -> None:
    """Wait until a file or a folder is on the disk. Not `sync`: it would wait for what others write, and
    commits of Parley would wait with it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def prune(folder: Path, keep: int | None, days: int | None, now: datetime) -> list[Path]:
    """Delete the copies that are too many or too old, but never the newest.

    Args:
        keep: how many stay; all if None.
        days: how old a copy may become; any age if None.
    """
    found = copies(folder)[:-1]
    many = found[: len(found) + 1 - keep] if keep else []
    old = [copy for copy in found if days and made_at(copy) < now - timedelta(days=days)]
    gone = sorted({*many, *old})
    for copy in gone:
        # First its name, so that a deletion that is interrupted leaves no copy without some of its files.
        shutil.rmtree(copy.rename(copy.with_name(copy.name + UNFINISHED)))
    return gone
