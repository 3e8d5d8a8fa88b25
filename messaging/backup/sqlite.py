"""The copy of an SQLite database."""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from django.db import connection, connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from messaging.backup.errors import BackupError
from messaging.backup.interruption import first_without

NAME: Final = "database.sqlite3"
_ALIAS: Final = "copy"
_SIDES: Final = ("-wal", "-shm", "-journal")


def path() -> Path:
    return Path(connection.settings_dict["NAME"])


def size() -> int:
    """How large the copy will be at most, in bytes."""
    parts = (path(), path().with_name(f"{path().name}-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())


def copy_database(target: Path) -> None:
    """Copy the database as it is at one moment, while others write.

    VACUUM INTO reads in one transaction, which in WAL mode holds nobody up. SQLite's online backup would
    copy free pages too, with what was deleted from them.

    Raises:
        BackupError: SQLite cannot read the database.
    """
    try:
        with closing(sqlite3.connect(path(), isolation_level=None, timeout=30)) as database:
            database.execute("VACUUM INTO ?", [str(target)])
    except sqlite3.Error as error:
        raise BackupError(
            f"The database cannot be copied ({error}). If it is damaged, restore the last good copy."
        ) from error
    target.chmod(0o600)


@contextmanager
def opened(file: Path) -> Iterator[str]:
    """The alias of a database connection to this file, while the block lasts."""
    # Without Parley's options, which write into the file.
    settings = {**connection.settings_dict, "NAME": str(file), "OPTIONS": {}}
    connections[_ALIAS] = DatabaseWrapper(settings, _ALIAS)
    try:
        yield _ALIAS
    finally:
        connections[_ALIAS].close()
        del connections[_ALIAS]


def is_in_use() -> bool:
    """Whether any process has the database open: then SQLite cannot leave its WAL mode.

    If none has, everything is in the one file after this.
    """
    if not path().exists():
        return False
    connections.close_all()
    try:
        with closing(sqlite3.connect(path(), isolation_level=None, timeout=2)) as database:
            database.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError:
        return True
    except sqlite3.DatabaseError:
        return False  # it is damaged, so nobody uses it
    return False


def put_back(copy: Path, folders: Sequence[Path]) -> None:
    """Replace the database by the one in the copy; it is moved into the first of the folders without one."""
    connections.close_all()
    staged = path().with_name(path().name + ".restoring")
    shutil.copyfile(copy / NAME, staged)
    staged.chmod(0o600)
    aside = first_without(folders, path().name)
    for side in (*_SIDES, ""):  # the file itself last, since it says that everything is there
        old = path().with_name(path().name + side)
        if old.exists():
            shutil.move(old, aside / old.name)
    staged.replace(path())
