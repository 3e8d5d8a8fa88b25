"""Processes of the older version go on inserting during an upgrade: what they do not know needs a default."""

from collections.abc import Iterable

from django.db import models
from django.db.migrations import AddField
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

APP = "messaging"
NEW = ("0001_schema", "0002_search_index")  # an installation begins with these


def without_default(operations: Iterable[Operation]) -> list[str]:
    """The columns that these operations add, and that an insertion must name."""
    added = [one for one in operations if isinstance(one, AddField) and not one.field.many_to_many]
    needed = [one for one in added if not (one.field.null or one.field.has_db_default())]
    return [f"{one.model_name}.{one.name}" for one in needed]


def test_columns_that_were_added_since_can_be_left_out_of_an_insertion() -> None:
    migrations = MigrationLoader(None).disk_migrations
    ours = {name: migration.operations for (app, name), migration in migrations.items() if app == APP}
    assert set(NEW) <= set(ours)
    found = {name: without_default(operations) for name, operations in ours.items() if name not in NEW}
    assert {name: columns for name, columns in found.items() if columns} == {}


def test_a_column_without_a_default_is_found() -> None:
    fields: dict[str, models.Field] = {
        "plain": models.BooleanField(default=False),
        "in_database": models.BooleanField(default=False, db_default=False),
        "nullable": models.DateTimeField(null=True),
        "others": models.ManyToManyField("messaging.User"),
    }
    operations: list[Operation] = [AddField("message", name, field) for name, field in fields.items()]
    assert without_default(operations) == ["message.plain"]
