"""`manage.py doctor`: each fault is found, and what is well is said to be."""

import json
import stat
from collections import namedtuple
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from pytest_django import Settings

from messaging.background.models import PeriodicTask, QueuedTask
from messaging.backup.making import LAST
from messaging.health import ready
from messaging.health.checks import (
    configuration,
    database,
    machine,
    mail,
    pushing,
    services,
    work,
)
from messaging.health.finding import State
from messaging.models import Installation, PushSetup, User
from messaging.models.messages import pdf_pages
from messaging.models.messages.uploading import upload
from tests.factories import UserFactory
from tests.mailing.conftest import MailServer, mail_server
from tests.views.messages.conftest import a_file

pytestmark = pytest.mark.django_db
__all__ = ["mail_server"]  # a fixture


def found(module: object, *states: State) -> str:
    """What a check says, of these states alone if there are some."""
    findings = list(module.check())  # type: ignore[attr-defined]
    assert all(finding.advice for finding in findings if finding.state != State.WELL)
    return "\n".join(finding.says for finding in findings if not states or finding.state in states)


def test_the_command_says_everything_and_fails_for_faults(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PARLEY_URL = "http://127.0.0.1:9"  # nobody listens there
    out = StringIO()
    with pytest.raises(CommandError, match="2 problems found"):
        call_command("doctor", stdout=out, no_color=True)
    assert "FAIL  Address   http://127.0.0.1:9 does not answer" in out.getvalue()
    assert "ok    Database  The database is migrated." in out.getvalue()
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("doctor", json=True, stdout=out)
    said = json.loads(out.getvalue())
    assert {"Settings", "Database", "Files", "Machine", "Address", "Mail", "Push", "Sign-in", "Work"} == {
        finding["topic"] for finding in said
    }

    def fail() -> None:
        raise RuntimeError

    monkeypatch.setattr(machine, "check", fail)
    out = StringIO()
    with pytest.raises(CommandError, match="3 problems"):
        call_command("doctor", stdout=out, no_color=True)
    assert "This could not be checked: RuntimeError in machine." in out.getvalue()


def test_rights_of_the_folder_and_the_key(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir(0o700)
    assert "There is no key." in found(configuration, State.FAULT)
    key = settings.VAR_DIR / "secret_key"
    key.write_text("x" * 60)
    key.chmod(0o644)
    assert "Others on this machine can read the key." in found(configuration, State.WARNING)
    key.chmod(0o600)
    assert "The key can be read by its account alone." in found(configuration, State.WELL)
    settings.VAR_DIR.chmod(0o755)
    assert "Others on this machine can read the folder PARLEY_VAR." in found(configuration, State.WARNING)


@pytest.mark.backends
def test_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).chmod(0o600)
    assert found(database, State.FAULT, State.WARNING) == ""
    monkeypatch.setattr(database, "is_migrated", lambda: False)
    assert found(database, State.FAULT) == "Migrations are missing."
    MigrationRecorder(connection).record_applied("messaging", "9999_next")
    newer = "This database belongs to a newer version of Parley, which has run 9999_next."
    assert found(database, State.FAULT) == newer

    def fail() -> None:
        raise OperationalError("connection refused\nmore")

    monkeypatch.setattr(connection, "ensure_connection", fail)
    assert found(database) == "The database cannot be reached: connection refused"


def test_files(tmp_path: Path, settings: Settings) -> None:
    ada = UserFactory.create()
    files = [upload(a_file(), ada) for _ in range(3)]
    assert "Files can be written, and the 3 newest are there." in found(services)
    assert not default_storage.exists("doctor")
    default_storage.delete(files[0].stored_as)
    assert "1 of the 3 newest files are missing." in found(services, State.FAULT)
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": "/proc/no"}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    assert "Nothing can be written into the folder of the files" in found(services, State.FAULT)


def test_redis(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    assert "Redis does not answer (ConnectionError)." in found(services, State.WARNING)


def test_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "free")
    for free, state in ((1, State.FAULT), (ready.LEAST_BYTES * 2, State.WARNING)):
        monkeypatch.setattr("shutil.disk_usage", lambda _, free=free: usage(free))
        assert "GB left" in found(machine, state)


def test_a_clock_that_is_not_synchronised(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "timedatectl"
    program.write_text("#!/bin/sh\necho no\n")
    program.chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert "The clock is not synchronised." in found(machine, State.WARNING)
    program.write_text("#!/bin/sh\necho yes\n")
    assert "The clock is synchronised." in found(machine, State.WELL)
    program.write_text("#!/bin/sh\nexit 1\n")  # in a container there is nobody to ask
    asked = "agrees with that of PostgreSQL" if connection.vendor == "postgresql" else "could not be checked"
    assert f"The clock {asked}" in found(machine, State.WELL)


def test_the_mail_server(mail_server: MailServer, settings: Settings) -> None:
    assert found(mail) == "The mail server takes connections."
    Installation.objects.row().update(mail_failed_at=timezone.now(), mail_failure="SMTPServerDisconnected")
    User.objects.filter(pk=UserFactory.create().pk).update(email_refused_at=timezone.now())
    said = found(mail, State.WARNING)
    assert "(SMTPServerDisconnected)" in said
    assert "The addresses of 1 people are refused." in said
    assert mail_server.received == []
    settings.EMAIL_PORT = 9
    assert "The mail server cannot be used (ConnectionRefusedError)." in found(mail, State.FAULT)
    settings.HAS_MAIL_SERVER = False
    assert "There is no mail server" in found(mail, State.WELL)


def test_push(settings: Settings) -> None:
    assert "there is no contact" in found(pushing, State.WARNING)
    UserFactory.create(role=User.Role.OWNER, email="ada@harbour.org")
    assert found(pushing) == "Push services are told the contact mailto:ada@harbour.org."
    PushSetup.objects.note_failure("403 BadJwtToken (push.example.org)")
    assert "(403 BadJwtToken (push.example.org))" in found(pushing, State.WARNING)
    settings.PUSH_CONTACT = "ada@harbour.org"  # without mailto:
    assert "PARLEY_PUSH_CONTACT cannot be used" in found(pushing, State.WARNING)


def test_background_work() -> None:
    assert "No background work was done" in found(work, State.FAULT)
    PeriodicTask.objects.create(task="messaging.x", last_due_at=timezone.now())
    assert "Background work is done." in found(work)
    task = QueuedTask.objects.create(task="messaging.some.send", due_at=timezone.now() - timedelta(hours=1))
    assert "1 tasks are late." in found(work, State.WARNING)
    QueuedTask.objects.filter(pk=task.pk).update(state=QueuedTask.State.DEAD, finished_at=timezone.now())
    assert "1 tasks were given up: send." in found(work, State.WARNING)


def test_backups(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    assert "No backup was made yet." in found(work, State.WARNING)

    def made(days: int) -> Path:
        at = timezone.now() - timedelta(days=days)
        copy = tmp_path / "copies" / at.strftime("%Y-%m-%dT%H%M%SZ")
        copy.mkdir(parents=True, exist_ok=True)
        (copy / "manifest.json").touch()
        (tmp_path / LAST).write_text(json.dumps({"copy": str(copy), "made_at": at.isoformat()}))
        return copy

    made(10)
    assert "The last backup is 10 days old." in found(work, State.WARNING)
    copy = made(0)
    assert f"({copy})" in found(work, State.WELL)
    Installation.objects.row().update(backup_days=7)
    assert "older than the 7 days" in found(work, State.WARNING)
    (copy / "manifest.json").unlink()
    copy.rmdir()
    assert "is not there any more" in found(work, State.WARNING)


def test_pages_of_pdfs_are_not_shown_without_the_library(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "The first pages of PDFs are shown." in found(services, State.WELL)
    program = tmp_path / "decoder.py"
    program.write_text("import pypdfium_that_is_not_there")
    monkeypatch.setattr(pdf_pages, "PROGRAM", program)
    assert "pypdfium2 is missing" in found(services, State.WARNING)
