"""`manage.py demo`: when it fills the database, what it prints, and when it refuses."""

import re
import stat
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import Settings

from messaging.demo import script, stage
from messaging.demo.password import FILE, get_or_create_password
from messaging.management.commands import serve
from messaging.models import Conversation, Installation, Message, Notification, User


@pytest.fixture
def home(settings: Settings, tmp_path: Path) -> Path:
    """An installation on this machine with a folder of its own."""
    settings.VAR_DIR = tmp_path / "var"
    settings.PARLEY_URL = "http://127.0.0.1:8000"
    return settings.VAR_DIR


def demo() -> str:
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def everything() -> list[tuple[Any, ...]]:
    """What a second run could have changed."""
    people = User.objects.order_by("pk").values_list("username", "password", "version")
    places = Conversation.objects.order_by("pk").values_list("pk", "name", "version")
    unread = Notification.objects.order_by("pk").values_list("pk", "read_at")
    return [*people, *places, *unread]


def test_the_sign_in_that_is_printed_works_for_everybody(home: Path, db: None) -> None:
    printed = demo()
    password = (home / FILE).read_text().strip()
    assert "Harbour Works" in printed
    assert "http://127.0.0.1:8000" in printed
    assert password in printed
    for person in script.people():
        assert person.username in printed
        assert authenticate(username=person.username, password=password) is not None


def test_the_password_is_readable_by_its_owner_only(home: Path, db: None) -> None:
    demo()
    assert stat.S_IMODE((home / FILE).stat().st_mode) == 0o600


def test_run_again_it_changes_nothing_and_prints_the_same_sign_in(home: Path, db: None) -> None:
    first, before = demo(), everything()
    again = demo()
    assert everything() == before
    assert first.splitlines()[1:] == again.splitlines()[1:]


def test_a_demo_that_others_have_joined_is_still_the_demo(home: Path, db: None) -> None:
    demo()
    User.objects.create_user("guest")
    before = everything()
    assert "already exists" in demo()
    assert everything() == before


def test_only_people_with_the_printed_password_are_named(home: Path, db: None) -> None:
    demo()
    ada = User.objects.get(username="ada")
    ada.set_password("changed by herself")
    ada.save()
    printed = demo()
    assert "as          ben" in printed
    assert "ada" not in printed


@pytest.mark.parametrize("username", ["grace", "ada"])
def test_it_refuses_a_database_with_other_people(home: Path, db: None, username: str) -> None:
    User.objects.create_user(username, password="my own and nobody else's")
    with pytest.raises(CommandError, match="already has users"):
        demo()
    assert User.objects.count() == 1
    assert not Conversation.objects.exists()
    assert not home.exists()


@pytest.mark.parametrize(
    "address",
    ["https://chat.example.org", "http://chat.example.org", "https://127.0.0.1", "http://127.0.0.1.nip.io"],
)
def test_it_refuses_an_address_that_others_can_reach(
    home: Path, db: None, settings: Settings, address: str
) -> None:
    settings.PARLEY_URL = address
    with pytest.raises(CommandError, match="this machine"):
        demo()
    assert not User.objects.exists()
    assert not home.exists()


def test_it_accepts_localhost_as_an_address(home: Path, db: None, settings: Settings) -> None:
    settings.PARLEY_URL = "http://localhost:8123"
    assert "http://localhost:8123" in demo()
    assert User.objects.exists()


def test_a_failed_run_creates_nothing(home: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage.Stage, "mark_as_read", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        demo()
    assert not User.objects.exists()
    assert not Message.objects.exists()
    monkeypatch.undo()
    assert "was created" in demo()


def test_an_empty_password_file_is_no_password(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("")
    assert len(get_or_create_password(tmp_path)) == 14
    assert get_or_create_password(tmp_path) == get_or_create_password(tmp_path)


def test_the_demo_is_reproducible(db: None) -> None:
    def week() -> list[tuple[Any, ...]]:
        with transaction.atomic():
            stage.play(datetime(2026, 11, 18, 15, 30, tzinfo=UTC), "salt-in-the-keyboard")
            messages = Message.rows.order_by("timestamp", "conversation__name", "seq").values_list(
                "timestamp", "sender__username", "seq", "version", "depth", "edited_at", "content_html"
            )
            # The pictures of custom emoji have random addresses.
            said = [(*rest, re.sub(r"/emoji/\w+", "", html)) for *rest, html in messages]
            transaction.set_rollback(True)
        return said

    first, second = week(), week()
    assert first
    assert first == second


def test_the_demo_opens_sign_up_once_and_respects_a_later_change(home: Path, db: None) -> None:
    command = serve.Command(stdout=StringIO())
    command._show_demo("http://127.0.0.1:8000")
    assert Installation.objects.current().sign_up == "open"
    Installation.objects.update(sign_up="closed")
    command._show_demo("http://127.0.0.1:8000")
    assert Installation.objects.current().sign_up == "closed"


def test_a_real_team_is_not_opened_to_sign_up(home: Path, db: None) -> None:
    User.objects.create_user("somebody")
    serve.Command(stdout=StringIO())._show_demo("http://127.0.0.1:8000")
    assert Installation.objects.current().sign_up == "closed"
