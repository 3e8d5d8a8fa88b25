"""How PostgreSQL plans a query."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def planned_each_time() -> Iterator[None]:
    """What is executed in the block is planned for its values, and not prepared.

    PostgreSQL prepares a query that comes for the fifth time (`prepare_threshold` in the settings). Later it
    takes one plan for all values, if that looks as cheap as the plans for each.

    Random pages count as nearly as cheap as others there. PostgreSQL's 4 is for disks that turn: for a word
    that is neither rare nor common it reads a third of a million rows instead of the index.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL random_page_cost = 1.1")
        raw = connection.connection
        before, raw.prepare_threshold = raw.prepare_threshold, None
        try:
            yield
        finally:
            raw.prepare_threshold = before
