"""The copy of a PostgreSQL database, made and put back by PostgreSQL's own programs."""

import os
import re
import secrets
import shutil
import subprocess  # nosec B404 - fixed programs, with arguments of the settings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.db import ProgrammingError, connection, connections, transaction
from django.db.backends.postgresql.client import DatabaseClient

from messaging.backup.errors import BackupError
from messaging.backup.interruption import first_without

NAME: Final = "database.dump"
_VERSION: Final = re.compile(r"\d+")


def size() -> int:
    """How large the copy will be at most, in bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def server_version() -> int:
    """The major version of the server."""
    connection.ensure_connection()
    return int(connection.connection.info.server_version) // 10_000


@contextmanager
def one_moment() -> Iterator[str]:
    """A transaction of the default connection that sees the database as it is now; yields the name by which
    pg_dump sees the same."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield str(cursor.fetchone()[0])


def copy_database(target: Path, moment: str) -> None:
    """Raises BackupError if pg_dump is missing, too old, or fails."""
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}"]
    # Counters of failed sign-ins: nobody needs them back.
    run("pg_dump", *options, "--exclude-table-data=*parley_cache", f"--file={target}")
    target.chmod(0o600)


def run(name: str, *arguments: str, database: str = "") -> None:
    """Run one of PostgreSQL's programs on the installation's database, or on another one of its server.

    Raises:
        BackupError: it is missing or too old, or it failed.
    """
    program = _program(name)
    settings = connection.settings_dict
    command, variables = DatabaseClient.settings_to_cmd_args_env(settings, [])
    there = [*command[1:-1], f"--dbname={database or command[-1]}"]
    done = subprocess.run(  # noqa: S603  # nosec B603 - no part of it comes from a request
        [program, *there, *arguments],
        env=os.environ | (variables or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise BackupError(f"{name} failed: {said}")


def _program(name: str) -> str:
    """Where the program is, in a version that fits the server: the same, or else a newer one."""
    wanted = server_version()
    debian = shutil.which(name, path=f"/usr/lib/postgresql/{wanted}/bin")
    found = [program for program in (debian, shutil.which(name)) if program]
    versions = [(version, program) for program in found if (version := _version(program)) >= wanted]
    if versions:
        return min(versions)[1]
    if found:
        raise BackupError(
            f"{name} is of version {_version(found[0])}, and the server of version {wanted}. "
            f"Install postgresql-client-{wanted}."
        )
    raise BackupError(f"{name} is missing. Install postgresql-client-{wanted}.")


def _version(program: str) -> int:
    done = subprocess.run(  # noqa: S603  # nosec B603
        [program, "--version"], capture_output=True, text=True, check=False
    )
    # "pg_dump (PostgreSQL) 15.6 (Debian 15.6-0+deb12u1)"
    number = _VERSION.search(done.stdout.partition(")")[2])
    return int(number[0]) if number else 0


@contextmanager
def throw_away(dump: Path) -> Iterator[str]:
    """A database with what is in the dump; yields its URL. It is deleted after the block.

    Raises:
        BackupError: the account may not create one, or the dump cannot be read.
    """
    name = f"parley_verify_{secrets.token_hex(6)}"
    try:
        _execute(f"CREATE DATABASE {name} TEMPLATE template0")
    except ProgrammingError as error:
        raise BackupError(
            "The account of DATABASE_URL may not create databases, so the copy cannot be opened. Allow it "
            "(ALTER ROLE … CREATEDB), or check the hashes alone (--without-opening)."
        ) from error
    try:
        run("pg_restore", "--exit-on-error", "--no-owner", "--no-privileges", str(dump), database=name)
        address = urlsplit(os.environ["DATABASE_URL"])
        yield address._replace(path=f"{address.path.rpartition('/')[0]}/{name}").geturl()
    finally:
        _execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def is_in_use() -> bool:
    """Whether any other connection to the database is open."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0]) > 0


def put_back(copy: Path, folders: Sequence[Path]) -> None:
    """Replace all tables by those in the copy, in one transaction; a dump of them stays in the first of the
    folders without one.

    Raises:
        BackupError: one of the programs failed; nothing is changed then.
    """
    aside = first_without(folders, NAME)
    unfinished = aside / f"{NAME}.unfinished"
    run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={unfinished}")
    unfinished.replace(aside / NAME)
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    drop = aside / "drop.sql"
    names = ", ".join(connection.ops.quote_name(table) for table in tables)
    drop.write_text(f"DROP TABLE IF EXISTS {names} CASCADE;\n" if tables else "")
    script = aside / "restore.sql"
    # As a script, so that it runs in one transaction with the deletion before it.
    _make_script(copy / NAME, script)
    connections.close_all()
    try:
        once = ["--single-transaction", "--set=ON_ERROR_STOP=1", "--quiet", "--no-psqlrc"]
        run("psql", *once, f"--file={drop}", f"--file={script}")
    finally:
        drop.unlink()
        script.unlink()
        connections.close_all()


def _make_script(dump: Path, script: Path) -> None:
    options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", f"--file={script}"]
    done = subprocess.run(  # noqa: S603  # nosec B603
        [_program("pg_restore"), *options, str(dump)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError("The dump in the copy cannot be read. Use another copy.")
