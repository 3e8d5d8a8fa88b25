"""Ways of doing the same, timed in turns."""

import time
from collections.abc import Callable
from contextlib import suppress
from statistics import median

from django.db import connection, reset_queries, transaction
from django.test.utils import CaptureQueriesContext

Way = Callable[[], object]


def compare(title: str, rounds: int = 7, **ways: Way) -> None:
    """Print how long each way takes, how many queries, and how many times as long as the last one."""
    queries = {name: _queries(way) for name, way in ways.items()}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - started)
    middle = {name: median(times) for name, times in seconds.items()}
    last = list(middle.values())[-1]
    print(f"\n{title}")
    for name, time_taken in middle.items():
        label = name.replace("_", " ")
        print(
            f"  {label:42} {time_taken * 1000:9.2f} ms {time_taken / last:8.1f} x {queries[name]:6} queries"
        )


def rolled_back(way: Way) -> Way:
    """The same way in a transaction that is rolled back, so that each round begins with the same data.

    The time does not include a commit.
    """

    def run() -> None:
        with suppress(_Undo), transaction.atomic():
            way()
            raise _Undo

    return run


def print_numbers(title: str, **numbers: object) -> None:
    print(f"\n{title}")
    for name, number in numbers.items():
        print(f"  {name.replace('_', ' '):42} {number}")


class _Undo(Exception):
    pass


def _queries(way: Way) -> int:
    way()  # what is loaded or cached at the first call is not counted
    reset_queries()  # Django keeps only the last 9,000
    with CaptureQueriesContext(connection) as captured:
        way()
    control = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
    return sum(not query["sql"].upper().startswith(control) for query in captured)
