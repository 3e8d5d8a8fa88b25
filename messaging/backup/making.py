"""Making a copy while Parley runs. The docstring of the package says why in these steps."""

import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from messaging.backup import folder as copies
from messaging.backup import postgresql, sqlite
from messaging.backup.contents import Contents, contents_of, stored_names
from messaging.backup.errors import BackupError
from messaging.backup.files import FileCopies, bytes_to_copy, free_bytes
from messaging.backup.manifest import KEY, Manifest, sha256, version
from messaging.backup.progress import Say, readable

# How often the database is copied again because files were removed in the moment between.
_ATTEMPTS: Final = 10
_SPARE: Final = 1.1  # what is written while the copy is made
LAST: Final = "last_backup.json"  # in PARLEY_VAR


@dataclass
class Made:
    """What came of a backup.

    Attributes:
        copy: its folder.
        shared: how many of its files are links to the copy before.
        pruned: the older copies that were deleted.
        rescued: files that are gone from the storage, and which the copy has from the one before.
    """

    copy: Path
    manifest: Manifest
    shared: int
    pruned: list[Path]
    rescued: list[str]


def make_backup(
    folder: Path, say: Say, keep: int | None = None, days: int | None = None, share: bool = True
) -> Made:
    """Make a copy in `folder`, then delete surplus and expired ones.

    Args:
        keep, days: as for `folder.prune`.
        share: whether files that the copy before has are linked and not copied again.

    Raises:
        BackupError: it cannot be made; nothing of it is left then. Or it is complete, and could not be noted.
    """
    folder = folder.absolute()
    _check_place(folder)
    with copies.only_one(folder):
        before, known = _before(folder, share)
        _check_room(folder, known.files if known else {})
        unfinished = copies.new_copy(folder, timezone.now())
        try:
            taken = FileCopies(unfinished, before, known.files if known else {})
            manifest = _filled(unfinished, taken, say)
            copy = copies.finish(unfinished)
        except BaseException as error:
            shutil.rmtree(unfinished, ignore_errors=True)
            if isinstance(error, OSError):
                raise BackupError(f"The copy cannot be written: {error.strerror}.") from error
            raise
        pruned = copies.prune(folder, keep, days, timezone.now())
        _remember(copy, manifest)
    return Made(copy, manifest, taken.shared, pruned, sorted(taken.rescued & manifest.files.keys()))


def has_files() -> bool:
    """Whether the files are in a folder, and so in the copies; otherwise they are in a bucket."""
    return not settings.S3_URL


def _before(folder: Path, share: bool) -> tuple[Path | None, Manifest | None]:
    found = copies.copies(folder) if share and has_files() else []
    try:
        return (found[-1], Manifest.read(found[-1])) if found else (None, None)
    except BackupError:  # it is damaged: everything is copied again
        return None, None


def _filled(copy: Path, taken: FileCopies, say: Say) -> Manifest:
    key = copy / KEY
    key.write_text(settings.SECRET_KEY)
    key.chmod(0o600)
    if has_files():
        taken.take(stored_names(), say)
    for _ in range(_ATTEMPTS):
        say("Copying the database …")
        made_at = timezone.now()
        database, contents = _copy_database(copy)
        missing = taken.take(contents.names, say) if has_files() else set()
        # What is not there and not named any more was removed since; what is named is lost.
        lost = missing & stored_names() if missing else set()
        if missing == lost:
            break
    else:
        raise BackupError("Files are being removed all the time. Try again when that is over.")
    taken.drop_all_but(contents.names)
    manifest = _manifest(made_at, database, contents)
    manifest.files, manifest.lost = taken.entries, sorted(lost)
    manifest.write(copy, settings.SECRET_KEY)
    return manifest


def _copy_database(copy: Path) -> tuple[Path, Contents]:
    """Copy the database; returns its file, and what is in it."""
    if connection.vendor == "sqlite":
        target = copy / sqlite.NAME
        target.unlink(missing_ok=True)
        sqlite.copy_database(target)
        with sqlite.opened(target) as alias:
            return target, contents_of(alias)
    target = copy / postgresql.NAME
    with postgresql.one_moment() as moment:
        postgresql.copy_database(target, moment)
        return target, contents_of("default")


def _manifest(made_at: datetime, database: Path, contents: Contents) -> Manifest:
    connection.ensure_connection()
    return Manifest(
        made_at=made_at.isoformat(timespec="seconds"),
        vendor=connection.vendor,
        server=".".join(map(str, connection.get_database_version())),
        storage="folder" if has_files() else "bucket",
        database=(database.name, database.stat().st_size, sha256(database)),
        rows=contents.rows,
        migrations=contents.migrations,
        parley=version(),
    )


def _check_place(folder: Path) -> None:
    for ours in (settings.VAR_DIR / "media", settings.STATIC_ROOT):
        if folder.resolve().is_relative_to(Path(ours).resolve()):
            raise BackupError(f"{folder} is in a folder of Parley's own files. Choose another folder.")


def _check_room(folder: Path, known: dict[str, tuple[int, str]]) -> None:
    needed = (sqlite if connection.vendor == "sqlite" else postgresql).size()
    if has_files():
        needed += bytes_to_copy(stored_names(), known)
    free = free_bytes(folder)
    if needed * _SPARE > free:
        raise BackupError(
            f"A copy needs {readable(int(needed * _SPARE))}, and the disk of {folder} has "
            f"{readable(free)} left. Make room, keep fewer copies (--keep), or choose another folder."
        )


def _remember(copy: Path, manifest: Manifest) -> None:
    """Note for `manage.py doctor` when the last copy was made, and where. Raises BackupError."""
    path = settings.VAR_DIR / LAST
    new = path.with_name(f"{LAST}.new")  # then replaced, which also works if the file is another account's
    try:
        new.write_text(json.dumps({"copy": str(copy), "made_at": manifest.made_at}))
        new.chmod(0o600)
        new.replace(path)
    except OSError as error:
        raise BackupError(
            f"{copy} is complete, but {path} cannot be written ({error.strerror}), so doctor will not know "
            "of it. Give the folder to the account that runs Parley."
        ) from error
