"""Verifying a copy: hashes, signature and rights first, and then a restore drill into a throw-away folder."""

import json
import os
import shutil
import stat
import subprocess  # nosec B404 - one fixed program of our own
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from messaging.backup import postgresql, sqlite
from messaging.backup.manifest import FILES, KEY, NAME, Manifest, key_of, sha256
from messaging.backup.progress import Say, counted

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
# Variables of the installation that the drill must not use: it mails nothing, and changes no file.
_NOT_IN_DRILL: Final = ("REDIS_URL", "EMAIL_URL", "PARLEY_S3_URL", "PARLEY_X_ACCEL")

_PROGRAM: Final = (
    "import pathlib, sys, django; django.setup(); "
    "from messaging.backup.drill import main; main(pathlib.Path(sys.argv[1]))"
)


@dataclass
class Verified:
    """What is wrong with a copy, a sentence for each fault, and how many conversations were opened."""

    manifest: Manifest
    faults: list[str] = field(default_factory=list)
    opened: int = 0


def verify(copy: Path, say: Say, opening: bool = True) -> Verified:
    """Check a copy.

    Args:
        opening: whether it is restored into a throw-away folder, and every conversation opened.

    Raises:
        BackupError: it cannot be checked at all.
    """
    manifest = Manifest.read(copy)
    found = Verified(manifest, [*_of_key(copy), *_of_database(copy, manifest), *_of_migrations(manifest)])
    can_open = not found.faults
    found.faults += [*_of_files(copy, manifest, say), *_of_rights(copy)]
    if opening and can_open:
        say("Restoring it into a throw-away folder …")
        _drill(copy, found, say)
    return found


def _of_key(copy: Path) -> Iterator[str]:
    key = key_of(copy)
    if not key:
        yield (
            f"{KEY} is missing or empty. Put back the key that was used when this copy was made, "
            "or use another copy."
        )
    elif not Manifest.is_signed_with(copy, key):
        yield (
            f"{KEY} and {NAME} do not belong together: one of them is of another copy, or was changed. "
            "Use another copy."
        )


def _of_database(copy: Path, manifest: Manifest) -> Iterator[str]:
    name, size, sha = manifest.database
    path = copy / Path(name).name
    if not path.is_file():
        yield f"The database ({name}) is missing. Use another copy."
    elif path.stat().st_size != size:
        yield f"The database has {path.stat().st_size:,} bytes instead of {size:,}. Use another copy."
    elif sha256(path) != sha:
        yield "The database is damaged: its hash is another one. Use another copy."


def _of_migrations(manifest: Manifest) -> Iterator[str]:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if newer := [name for name in manifest.migrations if name not in known]:
        yield (
            f"It was made by Parley {manifest.parley}, which is newer than this program (it has "
            f"{newer[0]}). Install that version to restore it."
        )
    if manifest.vendor != connection.vendor:
        yield (
            f"It is of {manifest.vendor}, and this installation uses {connection.vendor}. "
            "Choose the other one by DATABASE_URL."
        )


def _of_files(copy: Path, manifest: Manifest, say: Say) -> Iterator[str]:
    folder = copy / FILES
    for name, (size, sha) in counted(manifest.files.items(), len(manifest.files), "files", say):
        path = folder / name
        if not path.is_file():
            yield f"The file {name} is missing. Take it from another copy, or make a new one."
        elif path.stat().st_size != size or sha256(path) != sha:
            yield (
                f"The file {name} is damaged. Copies share their files, so the others may have it too: "
                "make a new one with --full."
            )
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}
    for name in sorted(there - manifest.files.keys()):
        yield f"The file {name} does not belong to the copy. Delete it, or find out who put it there."


def _of_rights(copy: Path) -> Iterator[str]:
    for path in (copy, copy / KEY, copy / Manifest.read(copy).database[0], copy / NAME):
        if path.exists() and path.stat().st_mode & _OTHERS:
            yield f"Others on this machine can read {path.name}. Run: chmod -R go= {copy}"


def _drill(copy: Path, found: Verified, say: Say) -> None:
    """Open the copy with a process of its own, which has its own settings."""
    with tempfile.TemporaryDirectory(prefix="parley-verify-") as folder, _restored(copy, folder) as where:
        kept = {name: value for name, value in os.environ.items() if name not in _NOT_IN_DRILL}
        variables = (
            kept
            | where
            | {
                "PARLEY_VAR": folder,
                "SECRET_KEY": key_of(copy),
                "DJANGO_SETTINGS_MODULE": "site_config.settings",
                "PYTHONPATH": str(settings.BASE_DIR),
            }
        )
        command = [sys.executable, "-c", _PROGRAM, str(copy.absolute())]
        with (
            (Path(folder) / "errors").open("w+") as errors,
            subprocess.Popen(  # noqa: S603  # nosec B603
                command, env=variables, stdout=subprocess.PIPE, stderr=errors, text=True
            ) as process,
        ):
            has_ended = _read(process, found, say)
            if process.wait() or not has_ended:
                errors.seek(0)
                last = (errors.read().strip().splitlines() or ["no reason given"])[-1]
                found.faults.append(f"The copy cannot be opened: {last[:200]}. Use another copy.")


def _read(process: "subprocess.Popen[str]", found: Verified, say: Say) -> bool:
    """Read the lines of the drill, each of which is a JSON object. Returns whether it came to its end."""
    has_ended = False
    for line in process.stdout or ():
        said = json.loads(line)
        if "fault" in said:
            found.faults.append(said["fault"])
        elif "opened" in said:
            found.opened, has_ended = said["opened"], True
        else:
            say(said["progress"])
    return has_ended


@contextmanager
def _restored(copy: Path, folder: str) -> Iterator[dict[str, str]]:
    """The database of the copy, as one that can be thrown away; yields how to reach it."""
    (Path(folder) / "media").symlink_to(copy.absolute() / FILES)
    if connection.vendor == "postgresql":
        with postgresql.throw_away(copy / postgresql.NAME) as url:
            yield {"DATABASE_URL": url}
        return
    target = Path(folder) / sqlite.path().name
    shutil.copyfile(copy / sqlite.NAME, target)
    yield {"DATABASE_URL": f"sqlite:///{target}"}
