"""The database between two tests that commit: as `migrate` left it.

Django's own way does the same, and takes ten times as long: it deletes the content types and permissions too,
and lets every application make them again.
"""

from functools import cache

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, transaction

from messaging.models import Installation, PushSetup

KEPT = [ContentType, Permission]  # what `migrate` writes, and no test changes
# PostgreSQL plans for a table that was never vacuumed as if it had ten pages, or more if it has more
# (`table_block_relation_estimate_size` in its src/backend/access/table/tableam.c).
MOST_BYTES = 10 * 8192


def empty_database(test_case: object = None) -> None:
    """Delete what a test committed. Takes the place of `TransactionTestCase._fixture_teardown`."""
    sizes = _written_tables() if connection.vendor == "postgresql" else {}
    if sizes and max(sizes.values()) <= MOST_BYTES:
        _delete_rows(list(sizes))
    else:
        connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), _tables()))
    Installation.objects.make_sure_it_exists()
    PushSetup.objects.make_sure_it_exists()


@cache
def _tables() -> list[str]:
    existing = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return [table for table in existing if table not in {model._meta.db_table for model in KEPT}]


def _written_tables() -> dict[str, int]:
    """The tables of PostgreSQL that have or had rows since the last TRUNCATE, with their sizes in bytes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_relation_size(oid) AS bytes FROM pg_class"
            " WHERE relname = ANY(%s) AND pg_relation_size(oid) > 0",
            [_tables()],
        )
        return dict(cursor.fetchall())


def _delete_rows(tables: list[str]) -> None:
    """In small tables a fifth of the work of TRUNCATE, which makes new files for all tables and indexes.

    The rows stay in the files, so tables that have grown are truncated.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no foreign keys, no triggers
        cursor.execute("; ".join(f'DELETE FROM "{table}"' for table in tables))
