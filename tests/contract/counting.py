"""How many statements something costs, transaction control left out."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

CONTROL = re.compile(r"(BEGIN|SAVEPOINT|RELEASE|ROLLBACK|COMMIT)\b")


@contextmanager
def statements() -> Iterator[list[str]]:
    """Yields a list that holds the SQL of the block once the block has ended."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [query["sql"] for query in captured if not CONTROL.match(query["sql"])]
