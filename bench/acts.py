"""What each act of a person costs: processor of the server and of the database, statements, rows, bytes.

For docs/scaling.md. The views are called in this process, without a server and its sockets, on a PostgreSQL
of its own whose commits are on disk. All members of the room but one are notified of each message.

    python -m bench.acts --repeat 200
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from bench.http_requests import PARTIAL
from bench.installation import cpu_seconds_of
from bench.workloads import Place, prepare
from tests.servers import postgresql

WARM_UP = 5  # repetitions before those that are measured
COUNTED = """
    SELECT sum(n_tup_ins), sum(n_tup_upd), sum(n_tup_del), pg_current_wal_lsn() - '0/0'::pg_lsn
    FROM pg_stat_user_tables
"""


@dataclass
class Cost:
    """The mean of one act. Processor times are in milliseconds; `wal` is what PostgreSQL wrote to its log."""

    server_ms: float
    database_ms: float
    statements: int
    inserted: float
    updated: float
    wal: float
    size: int

    def __str__(self) -> str:
        times = f"{self.server_ms:.2f} | {self.database_ms:.2f} | {self.statements}"
        return f"{times} | {self.inserted:.1f} | {self.updated:.1f} | {self.wal:,.0f} | {self.size:,}"


def measure(act: Callable[[], bytes], repeat: int) -> Cost:
    """Call the act so many times. The act returns the body of a response."""
    from django.db import connection

    for _ in range(WARM_UP):
        act()
    statements: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        size = len(act())
    before = _counted()
    pid = _backend()
    database, own = cpu_seconds_of(pid), time.process_time()
    for _ in range(repeat):
        act()
    own, database = time.process_time() - own, cpu_seconds_of(pid) - database
    inserted, updated, _, wal = ((now - then) / repeat for now, then in zip(_counted(), before, strict=True))
    times = own * 1000 / repeat, database * 1000 / repeat
    return Cost(*times, len(statements), inserted, updated, wal, size)


def acts(place: Place) -> dict[str, Callable[[], bytes]]:
    from django.conf import settings
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies[settings.SESSION_COOKIE_NAME] = place.cookies[settings.SESSION_COOKIE_NAME]
    page = f"/conversations/{place.room}/"

    def get(path: str, headers: dict[str, str] | None = None) -> Callable[[], bytes]:
        return lambda: _checked(client.get(path, secure=True, headers=headers))

    def send() -> bytes:
        fields = {"content": "Something to say", "client_id": uuid4()}
        return _checked(client.post(f"{page}send/", fields, secure=True, headers=PARTIAL))

    return {
        "open a room": get(page),
        "read older messages": get(f"{page}messages/?before={place.middle}", PARTIAL),
        "load the sidebar": get(f"/?current={place.room}", PARTIAL),
        "open a thread": get(f"/messages/{place.root}/thread/"),
        "send a message": send,
    }


def _checked(response: object) -> bytes:
    status, content = response.status_code, response.content  # type: ignore[attr-defined]
    if status != 200:
        raise RuntimeError(f"{status} {content[:300]!r}")
    return bytes(content)


def _backend() -> int:
    """The process id of PostgreSQL's end of this thread's connection, which it opens if necessary."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _counted() -> list[float]:
    """Rows that were inserted, updated and deleted so far, and bytes of the log. Ends the connection, because
    PostgreSQL counts what a connection did at its end at the latest."""
    from django.db import connection

    connection.close()
    time.sleep(0.5)
    with connection.cursor() as cursor:
        cursor.execute(COUNTED)
        return [float(number) for number in cursor.fetchone()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--repeat", type=int, default=200, help="(%(default)s)")
    parser.add_argument("--members", type=int, default=10, help="of the room (%(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder, postgresql(is_durable=True) as url:
        settings = {"PARLEY_VAR": folder, "DJANGO_SETTINGS_MODULE": "bench.settings", "DATABASE_URL": url}
        os.environ |= settings
        place = prepare(messages=60, members=options.members)
        titles = "server ms | database ms | statements | rows inserted | updated | log bytes | body bytes"
        print(f"| | {titles} |\n|---|{'---:|' * 7}")
        for name, act in acts(place).items():
            print(f"| {name} | {measure(act, options.repeat)} |", flush=True)


if __name__ == "__main__":
    main()
