"""An installation with one or several servers, which can be killed and come back at the same addresses."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.faults.delivery.backends import Postgresql, RedisServer, SqliteFile, Wait, postgresql_and_redis
from tests.faults.delivery.proxy import Proxy, proxies_of
from tests.faults.installation import prepare, run_in_shell
from tests.migrated import begin_with_copy
from tests.served.browser import Browser
from tests.served.processes import parley_process

# Prints everything in the database that the laws are about.
DUMP = """
import json
from messaging.models import Conversation, Message, Notification
from messaging.models.messages.edit_history import MessageHistory
from django.db import connection
def rows(model, *fields):
    return list(model.order_by("pk").values_list(*fields))
intact = [["ok"]]
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        intact = list(cursor.execute("PRAGMA integrity_check"))
print(json.dumps({
    "intact": intact,
    "version": Conversation.objects.get(pk=ROOM).version,
    "messages": rows(Message.rows, "pk", "seq", "version", "sender__username", "client_id", "removed_at",
                     "parent_message_id", "thread_root_id", "content"),
    "texts": rows(MessageHistory.objects, "message_id", "number", "old_content"),
    "unread": rows(Notification.objects.filter(read_at=None), "user__username", "message_id"),
}, default=str))
"""


RESTORED = """
from io import StringIO
from django.core.management import call_command
call_command("after_restore", stdout=StringIO())
print("null")
"""


class Server:
    """A server process: `start` it, then `kill` or `stop` it, and `start` it again at the same address."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._running = ExitStack()
        self.address = "127.0.0.1:0"
        self.process = 0

    def start(self, **environment: str) -> None:
        """Start it, this time with more variables in its environment."""
        self._running.close()  # what has died
        port = self.address.rpartition(":")[2]
        running = parley_process(port, **self._environment | environment)
        self.address, self.process = self._running.enter_context(running)

    def kill(self) -> None:
        """As if the power went off: no handler runs, nothing is finished."""
        os.kill(self.process, signal.SIGKILL)
        self._running.close()

    @property
    def is_dead(self) -> bool:
        return os.waitid(os.P_PID, self.process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def stop(self) -> None:
        """SIGTERM: it finishes what it has begun."""
        os.kill(self.process, signal.SIGTERM)
        self._running.close()  # waits


class Site:
    """The installation: its `servers`, the id of its `room`, the `cookies` of all people by their names."""

    proxies: list[Proxy]  # one in front of each server
    postgresql: Postgresql  # these two only where it has them
    redis: RedisServer

    def __init__(self, environment: dict[str, str], servers: int, members: int) -> None:
        self.environment = environment
        self.sqlite = SqliteFile(Path(environment["PARLEY_VAR"]))
        begin_with_copy(environment)
        prepared = prepare(environment, members, strangers=1)
        self.room: int = prepared["room"]
        names = [f"person{number}" for number in range(members + 1)]
        cookies = dict(zip(names, prepared["cookies"], strict=True))
        self.sessions = {name: cookie.partition("=")[2] for name, cookie in cookies.items()}
        *self.members, self.stranger = names
        self.servers = [Server(environment) for _ in range(servers)]

    def remove(self, name: str, pk: str, wait: Wait) -> None:
        """Remove a person from the room, as its administrator, who is the first of its members."""
        self._administer(f"/rooms/{self.room}/members/{pk}/", wait, remove="")

    def add(self, name: str, pk: str, wait: Wait) -> None:
        self._administer(f"/conversations/{self.room}/members/", wait, people=pk)

    def _administer(self, path: str, wait: Wait, **fields: object) -> None:
        status = 0
        while status not in (302, 404):  # 404: removed by an attempt whose answer was lost
            browser = Browser(self.servers[0].address, self.sessions[self.members[0]])
            with suppress(OSError, HTTPException):
                status = browser.post(path, **fields).status_code
            browser.close()
            wait(0.1)

    def mark_restored(self) -> None:
        """As one does after a backup was restored."""
        run_in_shell(RESTORED, self.environment)

    def database(self) -> dict[str, Any]:
        """What is stored."""
        stored: dict[str, Any] = run_in_shell(f"ROOM = {self.room}\n{DUMP}", self.environment)
        return stored


@contextmanager
def running_site(
    servers: int = 1, members: int = 4, on_postgresql: bool = False, prepare: str = "", **environment: str
) -> Iterator[Site]:
    """An installation of its own whose servers run.

    Args:
        members: how many people are in its room; one more is not.
        on_postgresql: with PostgreSQL and Redis, instead of an SQLite database in its folder.
        prepare: code that is run in its shell before they start.
        environment: more variables of its servers.
    """
    with TemporaryDirectory(prefix="parley-delivery-") as folder, ExitStack() as running:
        (Path(folder) / "static").mkdir()
        variables = {"PARLEY_VAR": folder, "DJANGO_SETTINGS_MODULE": "tests.faults.settings", **environment}
        if on_postgresql:
            postgresql, redis, where = running.enter_context(postgresql_and_redis())
            site = Site(variables | where, servers, members)
            site.postgresql, site.redis = postgresql, redis
        else:
            site = Site(variables, servers, members)
        if prepare:
            run_in_shell(prepare, site.environment)
        for server in site.servers:
            server.start()
            running.callback(server.stop)
        site.proxies = running.enter_context(proxies_of([server.address for server in site.servers]))
        yield site
