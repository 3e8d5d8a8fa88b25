"""A database of a newer version, or of one before the first release, is refused with an error message."""

import socket
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
MIGRATIONS = Path(__file__).parents[3] / "messaging" / "migrations"


def test_a_database_with_a_migration_that_is_no_more_is_refused() -> None:
    call_command("migrate", verbosity=0)
    MigrationRecorder(connection).record_applied("messaging", "0001_initial")
    with pytest.raises(CommandError, match="begin with an empty database"):
        call_command("migrate", verbosity=0)


def test_a_database_of_a_newer_version_is_refused_and_the_way_back_is_named() -> None:
    call_command("migrate", verbosity=0)
    MigrationRecorder(connection).record_applied("messaging", "9999_next")
    with pytest.raises(
        CommandError, match=r"newer version of Parley, which has run 9999_next.+restore FOLDER"
    ):
        call_command("migrate", verbosity=0)


def test_serve_refuses_it_before_anybody_is_answered() -> None:
    call_command("migrate", verbosity=0)
    MigrationRecorder(connection).record_applied("messaging", "0001_initial")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(CommandError, match="begin with an empty database"):
        call_command("serve", port=port)


@pytest.mark.parametrize("earlier", ["0001_initial", "0001_house", "0001_tables"])
def test_the_first_migration_has_a_name_that_no_earlier_database_knows(earlier: str) -> None:
    assert not (MIGRATIONS / f"{earlier}.py").exists()
