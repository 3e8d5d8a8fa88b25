"""Rewriting SQLite's file while somebody reads it."""

import sqlite3
from collections.abc import Iterator

import pytest
from django.db import connection

from messaging.models import Conversation
from messaging.models.db.sqlite_vacuum import vacuum_if_pending
from messaging.models.messages.saving import post
from tests.factories import UserFactory
from tests.models.traces import traces


@pytest.fixture
def impatient() -> Iterator[None]:
    """A connection that does not wait for readers. The next test gets another one."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
    yield
    connection.close()


def is_pending() -> bool:
    with connection.cursor() as cursor:
        (owed,) = cursor.execute("PRAGMA user_version").fetchone()
    return bool(owed)


@pytest.mark.django_db(transaction=True)
def test_if_somebody_reads_the_vacuum_is_left_to_the_daily_task(impatient: None) -> None:
    zoe = UserFactory.create()
    post(Conversation.objects.create_room("harbour", by=zoe), zoe, "xylophone")
    reader = sqlite3.connect(connection.settings_dict["NAME"], uri=True)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM messaging_message").fetchone()
    zoe.delete()
    assert traces("xylophone")
    assert is_pending()
    vacuum_if_pending.func()  # still too early
    assert is_pending()
    reader.close()
    vacuum_if_pending.func()
    assert not is_pending()
    assert traces("xylophone") == 0
