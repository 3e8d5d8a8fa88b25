"""When PostgreSQL plans a query."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def planned_each_time() -> Iterator[None]:
    """What is executed in the block is planned for its values, and not prepared.

    PostgreSQL prepares a query that comes for the fifth time (`prepare_threshold` in the settings). Later it
    takes one plan for all values, if that looks as cheap as the plans for each.
    """
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    raw = connection.connection
    before, raw.prepare_threshold = raw.prepare_threshold, None
    try:
        yield
    finally:
        raw.prepare_threshold = before
