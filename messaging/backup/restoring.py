"""Putting a copy back. Everything is checked before anything is changed, and what was there is kept aside."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from messaging.backup import interruption, postgresql, sqlite
from messaging.backup.errors import BackupError
from messaging.backup.files import free_bytes
from messaging.backup.interruption import first_without
from messaging.backup.making import has_files
from messaging.backup.manifest import FILES, KEY, Manifest, key_of
from messaging.backup.progress import Say, counted, readable
from messaging.backup.verifying import verify
from messaging.models import User

MEDIA: Final = "media"  # in PARLEY_VAR
_STAGED: Final = "media.restoring"


def copies_of_vendor() -> ModuleType:
    """The module for this installation's database program."""
    return sqlite if connection.vendor == "sqlite" else postgresql


def is_living() -> bool:
    """Whether anybody has an account in this installation."""
    try:
        if User._meta.db_table not in connection.introspection.table_names():
            return False
        return User.objects.exists()
    except DatabaseError:  # damaged, but there
        return True


def check(copy: Path, say: Say) -> Manifest:
    """Check that a copy can be put back here.

    Raises:
        BackupError: it is damaged or does not fit, Parley is running, or there is no room.
    """
    manifest = Manifest.read(copy)
    # First, since what is checked below opens the database.
    if copies_of_vendor().is_in_use():
        raise BackupError(
            "Parley is running, or another program has its database open. Stop all its processes first."
        )
    say("Checking the copy …")
    if faults := verify(copy, say, opening=False).faults:
        raise BackupError("\n".join(["The copy has faults, so nothing was changed:", *faults]))
    if (manifest.storage == "folder") != has_files():
        raise BackupError(
            "This copy has files, but PARLEY_S3_URL says that they are in a bucket. Remove it first."
            if manifest.storage == "folder"
            else "The files of this copy are in a bucket. Set PARLEY_S3_URL to it, or to a copy of it."
        )
    if os.environ.get("SECRET_KEY") not in (None, "", key_of(copy)):
        raise BackupError(
            f"SECRET_KEY is set to another key than that of the copy. Set it to what {copy / KEY} contains, "
            "or remove it."
        )
    if manifest.bytes > (free := free_bytes(settings.VAR_DIR)):
        raise BackupError(
            f"The copy needs {readable(manifest.bytes)}, and the disk of {settings.VAR_DIR} has "
            f"{readable(free)} left. Make room first."
        )
    return manifest


def put_back(copy: Path, manifest: Manifest, say: Say) -> list[Path]:
    """Put a copy back that was checked. If this is interrupted, Parley does not start until it is done again.

    Returns:
        The folder with what was there before, and then those with what interrupted attempts had put there.

    Raises:
        BackupError: a program of PostgreSQL failed. The tables are unchanged then.
    """
    var = settings.VAR_DIR
    staged = var / _STAGED
    shutil.rmtree(staged, ignore_errors=True)
    for name in counted(manifest.files, len(manifest.files), "files", say):
        target = staged / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(copy / FILES / name, target)
        target.chmod(0o600)
    aside = _new_folder(var)
    earlier = interruption.begin(copy, aside)
    folders = [*(folder for folder in earlier if folder.is_dir()), aside]
    if has_files() and not (earlier or (var / MEDIA).exists()):
        (aside / MEDIA).mkdir(mode=0o700)  # there were none, so those of the copy do not belong here later
    say("Putting the database back …")
    try:
        copies_of_vendor().put_back(copy, folders)
    except BackupError:  # nothing is changed
        if not earlier:
            interruption.end()
        raise
    if has_files():
        _swap(var / MEDIA, staged, first_without(folders, MEDIA))
    _swap_key(copy, var / KEY, first_without(folders, KEY))
    os.sync()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("after_restore", stdout=(said := StringIO()))
    say(said.getvalue().strip())
    interruption.end()
    return [folders[0], *_with_something(folders[1:])]


def _new_folder(var: Path) -> Path:
    """Its name comes after those of all earlier attempts, also of one in the same second."""
    at = timezone.now()
    while (aside := var / f"before-restore-{at:%Y-%m-%dT%H%M%S}").exists():
        at += timedelta(seconds=1)
    aside.mkdir(mode=0o700)
    return aside


def _with_something(folders: list[Path]) -> Iterator[Path]:
    """Yields those that are not empty, and deletes the others."""
    for folder in folders:
        if any(folder.iterdir()):
            yield folder
        else:
            folder.rmdir()


def _swap(media: Path, staged: Path, aside: Path) -> None:
    if media.exists():
        shutil.move(media, aside / MEDIA)
    if staged.exists():
        staged.replace(media)


def _swap_key(copy: Path, key: Path, aside: Path) -> None:
    if key.exists():
        shutil.move(key, aside / KEY)
    shutil.copyfile(copy / KEY, key)
    key.chmod(0o600)
