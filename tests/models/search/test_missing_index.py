"""Searching with an SQLite that has no FTS5, and so no index."""

from io import StringIO

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.db import connection
from django.test import Client

from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from messaging.models.search import sqlite_index
from messaging.models.search.query import parse
from messaging.models.search.searching import search, search_best
from tests.models.search.test_searching import TEXTS, found, write

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
# Separated by bars.
QUERIES = """
PLT-3699|plt 3699|C++|don't|"|上海|天気|안녕|lodz|example|v2.10|inst|-installer the|"x marks"|ls|nice|quoted|
is|is:edited the|from:ben|marks x|%|_
""".replace("\n", "").split("|")


@pytest.fixture
def without_fts5(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database as the migration leaves it where FTS5 is missing."""
    with connection.cursor() as cursor:
        for name in ("added", "deleted", "changed"):
            cursor.execute(f"DROP TRIGGER messaging_searchtext_{name}")
        cursor.execute(f"DROP TABLE {sqlite_index.NAME}")
    monkeypatch.setattr(sqlite_index, "can_have_index", lambda database=None: False)
    assert not sqlite_index.has_index()


def test_it_finds_what_the_index_finds(
    room: Conversation, ada: User, ben: User, request: pytest.FixtureRequest
) -> None:
    write(room, ben, TEXTS)
    expected = [found(ada, typed) for typed in QUERIES]
    request.getfixturevalue("without_fts5")
    assert [found(ada, typed) for typed in QUERIES] == expected
    assert sum(map(bool, expected)) > 15


@pytest.mark.usefixtures("without_fts5")
def test_messages_are_written_changed_and_removed_without_it(room: Conversation, ada: User) -> None:
    first, second = write(room, ada, ["high water", "low water"])
    second.edit("low tide", by=ada)
    assert found(ada, "water") == ["high water"]
    first.remove(by=ada)
    assert found(ada, "water") == []
    best = search_best(ada, parse("tide"))
    assert [message.content for message in best.messages] == ["low tide"]


def test_reindex_makes_the_index_when_there_can_be_one(
    room: Conversation, ada: User, without_fts5: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(room, ada, ["high water", "low water"])
    call_command("reindex", stdout=StringIO())
    assert not sqlite_index.has_index()
    monkeypatch.undo()
    call_command("reindex", stdout=StringIO())
    assert sqlite_index.has_index()
    post(room, ada, "white water")
    assert found(ada, "water") == ["white water", "low water", "high water"]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {sqlite_index.NAME} ({sqlite_index.NAME}) VALUES ('integrity-check')")
    assert [message.content for message in search(ada, parse('"low water"')).messages] == ["low water"]


def test_the_page_and_the_checks_say_so(
    client: Client, ada: User, room: Conversation, request: pytest.FixtureRequest
) -> None:
    client.force_login(ada)
    post(room, ada, "high water")
    note = "no full-text search"
    assert note not in client.get("/search/?q=water").content.decode()
    assert not run_checks(tags=[Tags.database], databases=["default"])
    request.getfixturevalue("without_fts5")
    page = client.get("/search/?q=water").content.decode()
    assert note in page
    assert "order=best" not in page
    assert [one.id for one in run_checks(tags=[Tags.database], databases=["default"])] == ["messaging.W001"]


def test_an_index_that_this_python_cannot_write_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_index, "can_have_index", lambda database=None: False)
    assert [one.id for one in run_checks(tags=[Tags.database], databases=["default"])] == ["messaging.E001"]
