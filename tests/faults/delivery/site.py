"""An installation with one or several servers, which can be killed and come back at the same addresses."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.faults.installation import prepare, run_in_shell
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


class Server:
    """A server process: `start` it, then `kill` or `stop` it, and `start` it again at the same address."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._running = ExitStack()
        self.address = "127.0.0.1:0"
        self.process = 0

    def start(self) -> None:
        port = self.address.rpartition(":")[2]
        running = parley_process(port, **self._environment)
        self.address, self.process = self._running.enter_context(running)

    def kill(self) -> None:
        """As if the power went off: no handler runs, nothing is finished."""
        os.kill(self.process, signal.SIGKILL)
        self.stop()

    def stop(self) -> None:
        """End it as after SIGTERM, and wait for that."""
        self._running.close()


class Site:
    """The installation: its `servers`, the id of its `room`, the `cookies` of all people by their names."""

    def __init__(self, environment: dict[str, str], servers: int, members: int) -> None:
        self._environment = environment
        prepared = prepare(environment, members, strangers=1)
        self.room: int = prepared["room"]
        names = [f"person{number}" for number in range(members + 1)]
        cookies = dict(zip(names, prepared["cookies"], strict=True))
        self.sessions = {name: cookie.partition("=")[2] for name, cookie in cookies.items()}
        *self.members, self.stranger = names
        self.servers = [Server(environment) for _ in range(servers)]

    def database(self) -> dict[str, Any]:
        """What is stored."""
        stored: dict[str, Any] = run_in_shell(f"ROOM = {self.room}\n{DUMP}", self._environment)
        return stored


@contextmanager
def running_site(servers: int = 1, members: int = 4, **environment: str) -> Iterator[Site]:
    """An installation of its own whose servers run.

    Args:
        members: how many people are in its room; one more is not.
        environment: instead of an SQLite database in its folder.
    """
    with TemporaryDirectory(prefix="parley-delivery-") as folder, ExitStack() as running:
        (Path(folder) / "static").mkdir()
        settings = {"PARLEY_VAR": folder, "DJANGO_SETTINGS_MODULE": "tests.faults.settings"}
        site = Site(settings | environment, servers, members)
        for server in site.servers:
            server.start()
            running.callback(server.stop)
        yield site
