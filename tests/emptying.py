"""The database between two tests that commit: as `migrate` left it.

Django's own way does the same, and takes ten times as long: it deletes the content types and permissions too,
and lets every application make them again.
"""

from functools import cache

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection

from messaging.models import Installation, PushSetup

KEPT = [ContentType, Permission]  # what `migrate` writes, and no test changes


def empty_database(test_case: object = None) -> None:
    """Delete what a test committed. Takes the place of `TransactionTestCase._fixture_teardown`."""
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), _tables()))
    Installation.objects.make_sure_it_exists()
    PushSetup.objects.make_sure_it_exists()


@cache
def _tables() -> list[str]:
    existing = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return [table for table in existing if table not in {model._meta.db_table for model in KEPT}]
