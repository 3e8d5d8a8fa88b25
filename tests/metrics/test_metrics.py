"""Metrics: what a server says of itself at its own address, and what it does not."""

import re
import socket
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from messaging.background.models import QueuedTask
from messaging.live import timing
from messaging.metrics import collecting, recording, serving
from messaging.metrics.collecting import ParleyCollector
from messaging.metrics.recording import SLOW_SECONDS
from messaging.metrics.registry import REGISTRY, SLOW_QUERIES
from messaging.models import Digest, MissedMail, PushNotice, PushSetup, PushSubscription, Session
from tests.backup.installation import installations
from tests.factories import RoomFactory, UserFactory
from tests.served.browser import Browser
from tests.served.processes import ROOT, parley_process
from tests.waiting import until

SESSIONS = """
import json
from messaging.models import Session
print(json.dumps(list(Session.objects.values_list("session_key", flat=True))))
"""


def values(text: str) -> dict[str, float]:
    """Each sample, as `name{label=value}`."""
    return {
        sample.name
        + "".join(f"{{{key}={value}}}" for key, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_server_tells_what_it_does_at_its_own_address_alone(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with installations(tmp_path, 1, False) as [installed]:
        room = installed.fill("ada")["versions"][0][0]
        [session] = installed.shell(SESSIONS)
        metrics = {"PARLEY_METRICS": f"127.0.0.1:{port}", "PARLEY_LOG": "json"}
        with parley_process(**installed.environment | metrics) as (address, _):
            browser = Browser(address, session)
            stream = Browser(address, session)
            stream.connection.request(
                "GET", f"/live/?conversation={room}", headers={"Cookie": f"parley_session={session}"}
            )
            opened = stream.connection.getresponse()
            assert opened.status == 200
            assert browser.post(f"/conversations/{room}/send/", content="Secret words").status_code == 302
            assert browser.post(f"/conversations/{room}/send/", content=" ").status_code == 422
            assert browser.get("/metrics").status_code == 404
            while b"Secret words" not in opened.readline():
                pass

            def text() -> str:
                return installed.get(f"127.0.0.1:{port}", "/metrics").decode()

            until(lambda: values(text())["parley_wakeup_to_write_seconds_count"] >= 1)
            said = values(text())
            assert said["parley_open_streams"] == 1
            assert said["parley_messages_sent_total"] == 1
            assert said["parley_requests_total{status=302}{view=message_send}"] == 1
            assert said["parley_requests_total{status=422}{view=message_send}"] == 1
            assert said["parley_requests_total{status=404}{view=none}"] == 1
            assert said["parley_request_seconds_count{view=message_send}"] == 2
            assert said["parley_database_up"] == 1
            assert said["parley_disk_free_bytes"] > 0
            assert said["parley_tasks{state=dead}"] == 0
            assert said["process_open_fds"] > 0
            assert not re.search("Secret|ada|Harbour|/conversations/", text())
            stream.close()
            browser.close()


def test_no_metrics_are_served_unless_they_are_asked_for() -> None:
    assert timing.observers == []  # of the tests' own process, which has loaded everything
    assert SLOW_SECONDS == 0.1  # as the description of the metric says


@pytest.mark.django_db
def test_a_slow_query_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow() -> float:
        return next(iter(SLOW_QUERIES.collect())).samples[0].value

    with connection.execute_wrapper(recording._timed), connection.cursor() as cursor:
        before = slow()
        cursor.execute("SELECT 1")
        assert slow() == before
        monkeypatch.setattr(recording, "SLOW_SECONDS", -1)
        cursor.execute("SELECT 1")
        assert slow() == before + 1


def test_if_the_port_is_in_use_parley_runs_without_metrics(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(serving, "connect", lambda: None)
    monkeypatch.setattr(serving, "REGISTRY", CollectorRegistry())
    assert serving.start() is None  # they are off
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.METRICS = str(taken.getsockname()[1])
        assert serving.start() is None
    assert f"There are no metrics at {settings.METRICS}: Address already in use." in caplog.text


def latest() -> dict[str, float]:
    registry = CollectorRegistry()
    registry.register(ParleyCollector())
    return values(generate_latest(registry).decode())


@pytest.mark.django_db
def test_tasks_are_counted_by_state_and_age(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting.connections, "close_all", lambda: None)  # the test's transaction
    for state in ("ready", "ready", "dead"):
        QueuedTask.objects.create(task="messaging.x", state=state)
    room, person = RoomFactory.create(), UserFactory.create()
    MissedMail.objects.create(user=person, conversation=room, tries=1, due_at=timezone.now())
    Digest.objects.create(user=person, tries=1, due_at=timezone.now())
    said = latest()
    assert said["parley_tasks{state=ready}"] == 2
    assert said["parley_tasks{state=dead}"] == 1
    assert said["parley_task_age_seconds"] > 0
    assert said["parley_loop_seen"] == 0
    assert said["parley_mail_failing_seconds"] == 0
    assert said["parley_mails_put_back"] == 2
    assert (said["parley_push_failing_seconds"], said["parley_pushes_put_back"]) == (0, 0)

    def fail() -> None:
        raise OperationalError

    monkeypatch.setattr(collecting, "_tasks", fail)
    said = latest()
    assert said["parley_database_up"] == 0
    assert "parley_open_streams" in said


@pytest.mark.django_db
def test_pushes_that_fail_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting.connections, "close_all", lambda: None)  # the test's transaction
    room = RoomFactory.create()
    now = timezone.now()
    PushSetup.objects.row().update(failed_at=now - timedelta(hours=1))
    person = UserFactory.create()
    session = Session.objects.create(session_key="s" * 32, expire_date=now, user_id=person.pk)
    for number, failed_at in enumerate((None, now)):
        browser = PushSubscription.objects.create(
            user=person, session=session, endpoint_hash=str(number), failed_at=failed_at
        )
        PushNotice.objects.create(subscription=browser, conversation=room, tries=number, due_at=now)
    said = latest()
    assert said["parley_push_failing_seconds"] >= 3600
    assert said["parley_pushes_put_back"] == 1
    assert said["parley_push_browsers_failing"] == 1


@pytest.mark.django_db
def test_the_page_about_metrics_lists_every_one() -> None:
    found = [*REGISTRY.collect(), *ParleyCollector().collect()]
    names = {one.name + ("_total" if one.type == "counter" else "") for one in found}
    page = (ROOT / "docs/metrics.md").read_text()
    listed = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert listed == {name for name in names if name.startswith("parley_")}
