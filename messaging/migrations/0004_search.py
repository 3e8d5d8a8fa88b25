"""The words of messages, and the index over them that the database keeps by itself."""

import django.db.models.deletion
from django.db import migrations, models

from messaging.models.search import sqlite_index
from messaging.text.search_words import own_text, words

BATCH = 2_000

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


def index_messages(apps, schema_editor):
    message, search_text = (apps.get_model("messaging", name) for name in ("Message", "SearchText"))
    rows = message._base_manager.filter(removed_at=None).order_by("pk").values_list("pk", "content_html")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        search_text.objects.bulk_create(
            search_text(message_id=pk, text=" ".join(words(own_text(html)))) for pk, html in batch
        )
        last = batch[-1][0]


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0003_plain_names'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchText',
            fields=[
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_text', serialize=False, to='messaging.message')),
                ('text', models.TextField()),
            ],
        ),
        migrations.RunPython(create_index, drop_index, elidable=False),
        migrations.RunPython(index_messages, migrations.RunPython.noop, elidable=True),
    ]
