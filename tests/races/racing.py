"""Threads that race, each with a database connection of its own: unordered, or in a forced order."""

import random
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from messaging.models.db.refusals import Refused
from site_config.sqlite.base import turns
from tests.amounts import MORE, ON_POSTGRESQL
from tests.waiting import PATIENCE_SECONDS, until

# With two actions, the first four rounds force an order. On SQLite, which has one writer at a time, unordered
# rounds add little.
ROUNDS = 40 * MORE if ON_POSTGRESQL else 12
FEWER_ROUNDS = 20 * MORE if ON_POSTGRESQL else 12  # for more threads, or for expensive rounds
THREADS = 10
# The duration of a few statements. A thread that starts this much later meets the other one anywhere in its
# transaction.
HEAD_START_SECONDS = 0.004

# Where the first action is held: as soon as it has a lock, or after all its writes, just before its commit.
LOCKED, WRITTEN = "locked", "written"
TAKES_A_LOCK = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b|.*\bFOR (NO KEY )?UPDATE\b", re.DOTALL)

Act = Callable[[], Any]


class Race:
    """One round: the actions start together; or one of them, `first`, is held inside its transaction until
    each of the others waits for it or is done."""

    def __init__(self, racers: "Racers", first: int | None = None, point: str = "") -> None:
        self._racers = racers
        self.first = first
        self.point = point

    def run(self, *acts: Act) -> list[Any]:
        """What each action returned, or the exception that it raised, in the order of the actions."""
        if self.first is None:
            return self._racers.run(*acts)
        return self._racers.in_order(self.first, self.point, *acts)

    def by_order(self, *outcomes: str) -> set[str]:
        """The allowed outcomes of an action.

        `outcomes[n]` is the outcome if action `n` comes first. If no order is forced, all are allowed.
        """
        return set(outcomes) if self.first is None else {outcomes[self.first]}


class Racers:
    """A pool of ten threads, each of which keeps its database connection."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS)
        self._chance = random.Random(1)

    def rounds(self, number: int, acts: int = 2) -> Iterator[Race]:
        """`number` rounds: first those in which each action is held at each point, then unordered ones."""
        forced = [Race(self, first, point) for point in (LOCKED, WRITTEN) for first in range(acts)]
        assert number > len(forced), "No round is unordered."
        yield from forced
        for _ in range(number - len(forced)):
            yield Race(self)

    def run(self, *acts: Act) -> list[Any]:
        """Start all actions at once, some a few statements late."""
        line = Barrier(len(acts))
        late = [self._chance.uniform(0, HEAD_START_SECONDS) for _ in acts]
        futures = [self._threads.submit(_start, line, *pair) for pair in zip(acts, late, strict=True)]
        return [future.result(PATIENCE_SECONDS) for future in futures]

    def in_order(self, first: int, point: str, *acts: Act) -> list[Any]:
        """Hold action `first` at this point of its first transaction, start the others, and let it continue
        when each of them waits for a lock or is done."""
        hold = Hold(point)
        futures: dict[int, Future[Any]] = {first: self._threads.submit(_outcome_of_held, acts[first], hold)}
        backends: list[int] = []
        try:
            assert hold.is_reached.wait(PATIENCE_SECONDS), "The first action neither wrote nor ended."
            for number, act in enumerate(acts):
                if number != first:
                    futures[number] = self._threads.submit(_outcome_of_other, act, backends)
            others = [future for number, future in futures.items() if number != first]
            until(lambda: _all_wait(others, backends), "Some action neither waits nor ends.")
        finally:
            hold.is_over.set()
        return [futures[number].result(PATIENCE_SECONDS) for number in range(len(acts))]

    def close(self) -> None:
        self.run(*[_close_connection] * THREADS)
        self._threads.shutdown()


class Hold:
    """Stops what runs in it, once, inside a transaction that holds a lock, until `is_over` is set."""

    def __init__(self, point: str) -> None:
        self._point = point
        self._has_lock = False
        self.is_reached = Event()
        self.is_over = Event()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        commit = connection.commit

        def commit_later() -> None:
            if self._point == WRITTEN and self._has_lock:
                self._stop()
            commit()

        connection.commit = commit_later  # type: ignore[method-assign]
        try:
            with connection.execute_wrapper(self._watch):
                yield
        finally:
            del connection.commit
            self.is_reached.set()  # also if the action ended without reaching the point

    def _watch(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        if connection.in_atomic_block and TAKES_A_LOCK.match(sql):
            self._has_lock = True
            if self._point == LOCKED:
                self._stop()
        return result

    def _stop(self) -> None:
        self.is_reached.set()
        assert self.is_over.wait(PATIENCE_SECONDS)


def _all_wait(futures: list[Future[Any]], backends: list[int]) -> bool:
    """Whether each of these actions is done or waits for a lock."""
    unfinished = [future for future in futures if not future.done()]
    if not unfinished:
        return True
    if not ON_POSTGRESQL:
        return len(turns._waiting) == len(unfinished)
    with connection.cursor() as cursor:
        waiting = "SELECT count(*) FROM unnest(%s::int[]) pid WHERE cardinality(pg_blocking_pids(pid)) > 0"
        cursor.execute(waiting, [list(set(backends))])  # a thread may have run two actions
        return bool(cursor.fetchone()[0] == len(unfinished))


def _start(line: Barrier, act: Act, late: float) -> Any:
    line.wait(PATIENCE_SECONDS)
    time.sleep(late)
    return _outcome(act)


def _outcome_of_held(act: Act, hold: Hold) -> Any:
    connection.ensure_connection()
    with hold():
        return _outcome(act)


def _outcome_of_other(act: Act, backends: list[int]) -> Any:
    connection.ensure_connection()
    if ON_POSTGRESQL:
        backends.append(connection.connection.info.backend_pid)
    return _outcome(act)


def _outcome(act: Act) -> Any:
    try:
        return act()
    except Exception as error:
        return error


def _close_connection() -> None:
    connection.close()  # `connection` is thread-local


def outcome_name(outcome: Any) -> str:
    """The outcome of an action: the code of a refusal, the name of another exception, or "done"."""
    if isinstance(outcome, ValidationError) or type(outcome) is Refused:
        return str(outcome.code)
    return type(outcome).__qualname__ if isinstance(outcome, Exception) else "done"
