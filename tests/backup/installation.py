"""Installations of their own, each with its folder and database, on which commands are run as people do."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests import servers
from tests.faults.installation import run_in_shell
from tests.migrated import begin_with_copy
from tests.served.processes import ROOT, outside

FILL = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from messaging.models import User
from messaging.models.messages.saving import post
from messaging.models.messages.uploading import upload
from tests.factories import RoomFactory
ada, *others = [User.objects.create_user(name) for name in NAMES]
for person in (ada, *others):
    Client().force_login(person)
room = RoomFactory.create(name="Harbour", by=ada, members=others)
post(room, ada, "Here", files=[upload(SimpleUploadedFile("notes.txt", b"the words"), ada).pk])
"""
POST = """
from messaging.models import Conversation, User
from messaging.models.messages.saving import post
post(Conversation.objects.get(), User.objects.get(username="ada"), "Written after the copy")
"""
# Everything that a copy must bring back, and the bytes of the files.
STORED = """
import json, hashlib
from messaging.backup.contents import stored_names
from messaging.models import Conversation, Installation, Message, Notification, User
from django.core.files.storage import default_storage
def digest(name):
    if not default_storage.exists(name):
        return None
    with default_storage.open(name) as file:
        return hashlib.sha256(file.read()).hexdigest()
print(json.dumps({
    "epoch": Installation.objects.current().epoch,
    "people": list(User.objects.order_by("pk").values_list("pk", "username", "password")),
    "versions": list(Conversation.objects.order_by("pk").values_list("pk", "version")),
    "messages": list(Message.rows.order_by("pk").values_list(
        "pk", "conversation_id", "seq", "version", "content", "removed_at", "file_count")),
    "unread": list(Notification.objects.order_by("pk").values_list("pk", "user_id", "message_id")),
    "files": {name: digest(name) for name in sorted(stored_names())},
}, default=str))
"""


@dataclass
class Installed:
    """An installation in its own `folder`; its `environment` says which database."""

    folder: Path
    environment: dict[str, str]

    def manage(self, *arguments: str, succeeds: bool | None = True) -> "subprocess.CompletedProcess[str]":
        """Run a command.

        Args:
            succeeds: whether it must; None if both are right.
        """
        path = f"{servers.postgresql_programs()}:{os.environ['PATH']}"
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=outside() | self.environment | {"PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert succeeds in (None, done.returncode == 0), done.stdout + done.stderr
        return done

    def fill(self, *names: str) -> Any:
        """Migrate the database, and write people, a room of theirs, and a message with a file; `stored()`."""
        begin_with_copy(self.environment)
        return run_in_shell(f"NAMES = {names!r}\n{FILL}{STORED}", self.environment)

    def shell(self, code: str) -> Any:
        return run_in_shell(code, self.environment)

    def stored(self, before: str = "") -> Any:
        """What is in the database, and hashes of the files.

        Args:
            before: code to run first.
        """
        return run_in_shell(before + STORED, self.environment)

    def get(self, address: str, path: str) -> bytes:
        with urllib.request.urlopen(f"http://{address}{path}") as answer:
            found: bytes = answer.read()
        return found


@contextmanager
def installations(folder: Path, number: int, on_postgresql: bool) -> Iterator[list[Installed]]:
    """Yields this many empty installations: all on one PostgreSQL server, or each on a file of SQLite."""
    with ExitStack() as running:
        url = running.enter_context(servers.postgresql()) if on_postgresql else ""
        yield [_installed(folder / f"installation{index}", url) for index in range(number)]


def _installed(folder: Path, url: str) -> Installed:
    (folder / "static").mkdir(parents=True)
    environment = {"PARLEY_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "tests.faults.settings"}
    if url:
        host = url.removeprefix("postgres://postgres@/").rpartition("/")[0]
        with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{folder.name}"'.encode())
        environment["DATABASE_URL"] = f"{url.rpartition('/')[0]}/{folder.name}"
    return Installed(folder, environment)
