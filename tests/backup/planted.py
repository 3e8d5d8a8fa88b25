"""Faults of a copy, each of which `manage.py verify_backup` must find.

`python -m tests.backup.planted`, or with `--postgresql`, plants each in a copy of an installation of its own,
and prints what the command says. The tests plant them too (`test_planted.py`).
"""

import json
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import django

from messaging.backup.manifest import FILES, KEY, NAME, Manifest, key_of, sha256


class Copies(NamedTuple):
    """The copy with the fault, and another one of the same installation, from which it may take parts."""

    bad: Path
    other: Path

    @property
    def database(self) -> Path:
        return next(self.bad.glob("database.*"))

    @property
    def file(self) -> Path:
        """The largest of its files."""
        files = (path for path in (self.bad / FILES).rglob("*") if path.is_file())
        return max(files, key=lambda path: path.stat().st_size)


def sign_again(copy: Path, **changes: object) -> None:
    """Make the manifest fit the database and the key: as if the copy had been made like this."""
    manifest = Manifest.read(copy)
    database = next(copy.glob("database.*"))
    manifest.database = (database.name, database.stat().st_size, sha256(database))
    for name, value in changes.items():
        setattr(manifest, name, value)
    manifest.write(copy, key_of(copy))


def rewrite(path: Path, data: bytes) -> None:
    """Write another content into the copy alone, though others share the file."""
    path.unlink()
    path.write_bytes(data)
    path.chmod(0o600)


def flip_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    rewrite(path, bytes(data))


def execute(*statements: str) -> Callable[[Copies], None]:
    """Change the database of a copy, and sign it again: only its content shows the fault."""

    def change(copies: Copies) -> None:
        with closing(sqlite3.connect(copies.database)) as database, database:
            for statement in statements:
                database.execute(statement)
        sign_again(copies.bad)

    return change


def spoil_page(copies: Copies) -> None:
    """Overwrite the pages of an index, and sign it: as if the disk had given SQLite wrong bytes."""
    with closing(sqlite3.connect(copies.database)) as database:
        root, size = database.execute(
            "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_master "
            "WHERE type = 'index' AND tbl_name = 'messaging_message' AND rootpage > 0 ORDER BY rootpage"
        ).fetchone()
    data = bytearray(copies.database.read_bytes())
    start = (root - 1) * size
    data[start + size - 200 : start + size] = bytes(200)
    rewrite(copies.database, bytes(data))
    sign_again(copies.bad)


def another_database(copies: Copies) -> None:
    other = next(copies.other.glob("database.*"))
    rewrite(copies.database, other.read_bytes())


def another_database_signed(copies: Copies) -> None:
    another_database(copies)
    sign_again(copies.bad)


def change_manifest(copies: Copies) -> None:
    content = json.loads((copies.bad / NAME).read_text())
    content["rows"]["messaging_message"] += 1
    (copies.bad / NAME).write_text(json.dumps(content))


def forget_file(copies: Copies) -> None:
    """The file is neither in the copy nor in the manifest, but the database names it."""
    manifest = Manifest.read(copies.bad)
    name = str(copies.file.relative_to(copies.bad / FILES))
    copies.file.unlink()
    sign_again(copies.bad, files={key: value for key, value in manifest.files.items() if key != name})


def shorter_file(copies: Copies) -> None:
    """A file of a message is shorter than its row says; the manifest fits it."""
    manifest = Manifest.read(copies.bad)
    name = next(name for name in sorted(manifest.files) if name.startswith("files/"))
    path = copies.bad / FILES / name
    rewrite(path, path.read_bytes()[:-1])
    sign_again(copies.bad, files=manifest.files | {name: (path.stat().st_size, sha256(path))})


def older_key_signed(copies: Copies) -> None:
    rewrite(copies.bad / KEY, b"an older key")
    sign_again(copies.bad)


def newer_program(copies: Copies) -> None:
    manifest = Manifest.read(copies.bad)
    sign_again(copies.bad, migrations=[*manifest.migrations, "messaging.9999_later"])


# What is wrong on any database, and what the command says of it.
SURFACE: dict[str, tuple[Callable[[Copies], object], str]] = {
    "a bit of the database": (lambda c: flip_bit(c.database), "database is damaged"),
    "half a database": (
        lambda c: rewrite(c.database, c.database.read_bytes()[: c.database.stat().st_size // 2]),
        "The database has",
    ),
    "an empty database": (lambda c: rewrite(c.database, b""), "The database has 0 bytes"),
    "no database": (lambda c: c.database.unlink(), "is missing"),
    "the database of another copy": (another_database, "The database"),
    "a bit of a file": (lambda c: flip_bit(c.file), "is damaged"),
    "a missing file": (lambda c: c.file.unlink(), "is missing"),
    "half a file": (lambda c: rewrite(c.file, c.file.read_bytes()[:5]), "is damaged"),
    "an empty file": (lambda c: rewrite(c.file, b""), "is damaged"),
    "no files": (lambda c: shutil.rmtree(c.bad / FILES), "is missing"),
    "a file of nobody": (lambda c: (c.bad / FILES / "more").write_text("?"), "does not belong"),
    "no key": (lambda c: (c.bad / KEY).unlink(), "secret_key is missing"),
    "an empty key": (lambda c: rewrite(c.bad / KEY, b""), "secret_key is missing or empty"),
    "an older key": (lambda c: rewrite(c.bad / KEY, b"an older key"), "do not belong together"),
    "a bit of the key": (lambda c: flip_bit(c.bad / KEY), "secret_key"),
    "no manifest": (lambda c: (c.bad / NAME).unlink(), "is no whole copy"),
    "half a manifest": (
        lambda c: rewrite(c.bad / NAME, (c.bad / NAME).read_bytes()[:300]),
        "manifest.json is damaged",
    ),
    "a changed manifest": (change_manifest, "do not belong together"),
    "the manifest of another copy": (
        lambda c: rewrite(c.bad / NAME, (c.other / NAME).read_bytes()),
        "The database",
    ),
    "a key that others can read": (lambda c: (c.bad / KEY).chmod(0o644), "Others on this machine can read"),
    "a copy of a newer program": (newer_program, "newer than this program"),
}
# What only the drill finds, since every hash and the signature fit.
DEEP: dict[str, tuple[Callable[[Copies], object], str]] = {
    "rows of another moment": (another_database_signed, "rows instead of"),
    "a file that was never copied": (forget_file, "which is not in the copy"),
    "a file of another size": (shorter_file, "has another size"),
    "a key that signed nothing": (older_key_signed, "another one than that which signed"),
}
ON_SQLITE: dict[str, tuple[Callable[[Copies], object], str]] = {
    "a spoilt page of an index": (spoil_page, "The database is damaged"),
    "a message of nobody": (
        execute("PRAGMA foreign_keys = OFF", "UPDATE messaging_message SET sender_id = 999999"),
        "refers to one of",
    ),
    "half of the migrations": (
        execute("DELETE FROM django_migrations WHERE id % 2 = 0"),
        "has other migrations",
    ),
    "a conversation that cannot be opened": (
        execute("UPDATE messaging_message SET timestamp = 'never'"),
        "cannot be opened",
    ),
}


def main() -> int:
    """Returns 1 if a fault was not found."""
    from tests.backup.installation import POST, installations

    on_postgresql = "--postgresql" in sys.argv
    faults = SURFACE | DEEP | ({} if on_postgresql else ON_SQLITE)
    wrong = 0
    with tempfile.TemporaryDirectory() as name, installations(Path(name), 1, on_postgresql) as [installed]:
        folder = Path(name) / "copies"
        installed.fill("ada", "ben")
        installed.manage("backup", str(folder))
        installed.stored(before=POST)
        installed.manage("backup", str(folder))
        first, second = sorted(folder.glob("2*"))
        print(installed.manage("verify_backup", str(first)).stdout.splitlines()[-1])
        for number, (fault, (plant, sentence)) in enumerate(faults.items(), start=1):
            bad = Path(name) / str(number) / first.name
            shutil.copytree(first, bad)
            plant(Copies(bad, second))
            said = installed.manage("verify_backup", str(bad), succeeds=None).stderr.strip()
            is_found = sentence in said
            wrong += not is_found
            print(f"{number}. {fault}: {'found' if is_found else 'MISSED'}: {said.splitlines()[-1]}")
    print(f"{len(faults) - wrong} of {len(faults)} faults found")
    return int(wrong > 0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    sys.exit(main())
