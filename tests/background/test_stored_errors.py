"""Of a failed task only the exception's class and place are stored and logged, never people's words."""

import logging
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from messaging.background.errors import describe
from messaging.background.models import QueuedTask
from messaging.background.runner import Runner
from tests.background import tasks
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


def raw_database() -> str:
    """All that the database keeps: the bytes of SQLite's files, or every row of every table as text."""
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        files = database.parent.glob(f"{database.name}*")
        return "".join(file.read_bytes().decode("latin-1") for file in files)
    with connection.cursor() as cursor:
        text = ""
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            text += "\n".join(row[0] for row in cursor.fetchall())
    return text


def test_words_in_an_exception_are_neither_stored_nor_logged(
    runner: Runner, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        tasks.fail.enqueue(1)
        assert runner.run_next()
    row = QueuedTask.objects.get()
    assert row.error_class == "builtins.ValueError"
    assert "tests.background.tasks.fail" in raw_database()  # or else this test could not fail
    assert tasks.WORD not in raw_database()
    assert "builtins.ValueError at tests/background/tasks.py:" in caplog.text
    assert tasks.WORD not in caplog.text
    assert not any(record.exc_info for record in caplog.records)


def test_place_is_the_last_line_of_our_own_code(runner: Runner) -> None:
    tasks.fail.enqueue(1)
    runner.run_next()
    file, _, number = QueuedTask.objects.get().error_place.rpartition(":")
    assert Path(tasks.__file__).as_posix().endswith(file)
    assert "raise ValueError" in Path(tasks.__file__).read_text().splitlines()[int(number) - 1]


def test_place_of_an_error_in_a_library_is_the_line_that_called_it() -> None:
    with pytest.raises(LookupError) as raised:
        apps.get_app_config("nobody")
    assert re.fullmatch(r"tests/background/test_stored_errors\.py:\d+", describe(raised.value)[1])


def test_exception_that_was_never_raised_has_no_place() -> None:
    assert describe(ValueError()) == ("builtins.ValueError", "")


def test_owners_see_state_attempts_class_and_place(runner: Runner, client: Client) -> None:
    tasks.fail.enqueue(1)
    runner.run_next()
    client.force_login(UserFactory.create(role="owner"))
    page = client.get(reverse("admin:background_queuedtask_changelist")).content.decode()
    for shown in (
        "tests.background.tasks.fail",
        "ready",
        "builtins.ValueError",
        "tests/background/tasks.py:",
    ):
        assert shown in page
    assert client.get(reverse("admin:background_queuedtask_add")).status_code == 403
