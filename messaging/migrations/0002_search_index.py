"""The index over the words of messages, which the database keeps by itself."""

from django.db import migrations

from messaging.models.search import sqlite_index

POSTGRESQL = [
    """
    ALTER TABLE messaging_searchtext
    ADD COLUMN vector tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, text)) STORED
    """,
    "CREATE INDEX messaging_searchtext_vector ON messaging_searchtext USING gin (vector)",
]


def create_index(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        statements = POSTGRESQL
    else:
        statements = sqlite_index.STATEMENTS if sqlite_index.can_have_index(schema_editor.connection) else ()
    for statement in statements:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TABLE IF EXISTS {sqlite_index.NAME}")


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0001_schema"),
    ]

    operations = [
        migrations.RunPython(create_index, drop_index),
    ]
