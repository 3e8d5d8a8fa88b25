"""`/up` and `/ready`."""

import asyncio
from collections import namedtuple
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
import uvicorn
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from messaging.background import runner
from messaging.background.models import PeriodicTask, QueuedTask
from messaging.health import ready
from messaging.health.up import application
from messaging.http.server import Server

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.fixture(autouse=True)
def working(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody has done background work a moment ago, and nothing is remembered."""
    monkeypatch.setattr(ready, "_migrated", False)
    PeriodicTask.objects.create(task="messaging.x", last_due_at=timezone.now())


def asked(query: str = "") -> tuple[int, Any]:
    answer = Client().get(f"/ready{query}")
    return answer.status_code, answer.json()


def test_it_answers_strangers_by_any_name_without_https_or_a_session(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = Client(headers={"host": "10.0.0.7:8000"}).get("/ready")
    assert answer.status_code == 200
    assert answer.json() == {
        "disk": "ok",
        "loop": "elsewhere",
        "database": "ok",
        "migrations": "ok",
        "tasks": "ok",
    }
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    # All other addresses still look at the host.
    assert Client(headers={"host": "10.0.0.7:8000"}).get("/account/login/").status_code == 400
    assert Client().post("/ready").status_code == 405
    assert Client().head("/ready").status_code == 200


def test_asking_again_and_again_asks_the_database_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = Client()
    client.get("/ready")
    with django_assert_num_queries(0):
        assert client.get("/ready").status_code == 200
    with django_assert_num_queries(3):  # SELECT 1, late tasks, the last periodic work
        Client().get("/ready")


def test_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> bool:
        raise OperationalError("gone")

    monkeypatch.setattr(ready, "is_migrated", fail)
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's transaction
    status, said = asked()
    assert (status, said["database"]) == (503, "fails")


def test_a_missing_migration() -> None:
    applied = MigrationRecorder(connection).migration_qs.filter(app="messaging")
    applied.latest("pk").delete()
    status, said = asked()
    assert (status, said["migrations"]) == (503, "fails")


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(ready.LEAST_BYTES - 1))
    status, said = asked()
    assert (status, said["disk"]) == (503, "fails")


@pytest.mark.django_db(transaction=True)  # the loop commits
def test_the_loop_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    with runner.running():
        assert asked()[1]["loop"] == "ok"
    assert asked()[1]["loop"] == "elsewhere"
    monkeypatch.setattr(runner, "own_thread", Thread())  # it does not run
    status, said = asked()
    assert (status, said["loop"]) == (503, "fails")


@pytest.mark.parametrize("late", ["a task", "the loop"])
def test_late_work_is_named_and_only_a_monitor_gets_an_error(late: str) -> None:
    if late == "a task":
        QueuedTask.objects.create(task="messaging.x", due_at=timezone.now() - timedelta(minutes=6))
    else:
        PeriodicTask.objects.update(last_due_at=timezone.now() - timedelta(minutes=16))
    assert asked() == (200, asked()[1] | {"tasks": "late"})
    assert asked("?strict")[0] == 503


def up(method: str) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(application({"type": "http", "method": method, "path": "/up"}, None, send))
    return sent


def test_up_says_nothing_but_that_the_process_runs() -> None:
    start, body = up("GET")
    assert start["status"] == 204
    assert body["body"] == b""
    assert up("POST")[0]["status"] == 405


def test_the_server_answers_it_before_everything_else() -> None:
    from site_config import asgi

    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(asgi.application({"type": "http", "method": "HEAD", "path": "/up"}, None, send))
    assert sent[0]["status"] == 204


def test_a_process_that_is_about_to_stop_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked()[0] == 200
    server = Server(uvicorn.Config("site_config.asgi:application"))
    monkeypatch.setattr(Server, "running", server)
    assert asked()[0] == 200
    server.server_state.is_draining = True
    status, answer = asked()
    assert (status, answer["process"]) == (503, "ends")
