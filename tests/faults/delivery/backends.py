"""The database and the Redis of an installation, and what can happen to them."""

import os
import signal
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg
from redis import Redis

from tests import servers

Wait = Callable[[float], object]


class SqliteFile:
    def __init__(self, folder: Path) -> None:
        self._path = folder / "parley.sqlite3"

    def lock(self, seconds: float, wait: Wait) -> None:
        """Hold the writer's lock for some seconds."""
        with closing(sqlite3.connect(self._path, isolation_level=None, timeout=60)) as database:
            database.execute("BEGIN IMMEDIATE")
            wait(seconds)
            database.execute("ROLLBACK")


class Postgresql:
    """Args: url: its DATABASE_URL, postgres://user@/folder/name."""

    def __init__(self, url: str) -> None:
        self._host = url.removeprefix("postgres://postgres@").rpartition("/")[0]

    def crash(self) -> None:
        """Kill a process of the server: it ends all others at once, and recovers as after a crash."""
        with psycopg.connect(host=self._host, user="postgres", dbname="postgres") as connection:
            query = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid != %s"
            found = connection.execute(query, [connection.info.backend_pid]).fetchall()
            process = found[0][0] if found else connection.info.backend_pid
        os.kill(process, signal.SIGKILL)


class RedisServer:
    """A Redis that comes back, empty, at the same address."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self._running = ExitStack()
        self.url = f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        self._running.enter_context(servers.redis(self._port))

    def stop(self) -> None:
        self._running.close()

    def hang(self, seconds: float, wait: Wait) -> None:
        """It accepts connections, and answers nothing."""
        with Redis.from_url(self.url) as client:
            process = int(client.info("server")["process_id"])
        os.kill(process, signal.SIGSTOP)
        wait(seconds)
        os.kill(process, signal.SIGCONT)

    def flush(self) -> None:
        with Redis.from_url(self.url) as client:
            client.flushall()


@contextmanager
def postgresql_and_redis() -> Iterator[tuple[Postgresql, RedisServer, dict[str, str]]]:
    """Both, and the environment of a server that uses them. PostgreSQL keeps what it has acknowledged."""
    with servers.postgresql(is_durable=True) as url, ExitStack() as running:
        redis = RedisServer()
        redis.start()
        running.callback(redis.stop)
        yield Postgresql(url), redis, {"DATABASE_URL": url, "REDIS_URL": redis.url}
