"""Threads that race, each with a database connection of its own: freely, or in an order that is forced."""

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

# Of two acts the first four rounds force an order. SQLite lets one write at a time: free rounds prove little.
ROUNDS = 40 * MORE if ON_POSTGRESQL else 12
FEWER_ROUNDS = 20 * MORE if ON_POSTGRESQL else 12  # where more threads race, or the round costs more
LANES = 10
# As long as some statements: what starts behind another by so little meets it anywhere in its transaction.
HEAD_START_SECONDS = 0.004

# Where the first act is held: as soon as it has a lock, or with all that it wrote, just before its commit.
LOCKED, WRITTEN = "locked", "written"
TAKES_A_LOCK = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b|.*\bFOR (NO KEY )?UPDATE\b", re.DOTALL)

Act = Callable[[], Any]


class Race:
    """One round: the acts start together; or one of them, `first`, is held inside its transaction until each
    of the others waits for it or is done."""

    def __init__(self, racers: "Racers", first: int | None = None, point: str = "") -> None:
        self._racers = racers
        self.first = first
        self.point = point

    def run(self, *acts: Act) -> list[Any]:
        """What each act returned, or the exception that it raised, in the order of the acts."""
        if self.first is None:
            return self._racers.run(*acts)
        return self._racers.in_order(self.first, self.point, *acts)

    def by_order(self, *outcomes: str) -> set[str]:
        """What may come of an act, where `outcomes` says what must come of it for each act that is first.

        Where none is held, it can be any of them.
        """
        return set(outcomes) if self.first is None else {outcomes[self.first]}


class Racers:
    """Ten lanes, which keep their connections from round to round."""

    def __init__(self) -> None:
        self._lanes = ThreadPoolExecutor(LANES)
        self._chance = random.Random(1)

    def rounds(self, number: int, acts: int = 2) -> Iterator[Race]:
        """So many rounds: those in which each of the acts is the first, at either point, then free ones."""
        forced = [Race(self, first, point) for point in (LOCKED, WRITTEN) for first in range(acts)]
        assert number > len(forced), "No round is free."
        yield from forced
        for _ in range(number - len(forced)):
            yield Race(self)

    def run(self, *acts: Act) -> list[Any]:
        """Start all acts at once, some a few statements late."""
        line = Barrier(len(acts))
        late = [self._chance.uniform(0, HEAD_START_SECONDS) for _ in acts]
        lanes = [self._lanes.submit(_start, line, *pair) for pair in zip(acts, late, strict=True)]
        return [lane.result(PATIENCE_SECONDS) for lane in lanes]

    def in_order(self, first: int, point: str, *acts: Act) -> list[Any]:
        """Hold the act number `first` at this point of its first transaction, start the others, and let it go
        on once each of them waits for a lock or is done."""
        hold = Hold(point)
        lanes: dict[int, Future[Any]] = {first: self._lanes.submit(_outcome_of_held, acts[first], hold)}
        backends: list[int] = []
        try:
            assert hold.is_reached.wait(PATIENCE_SECONDS), "The first act neither wrote nor ended."
            for number, act in enumerate(acts):
                if number != first:
                    lanes[number] = self._lanes.submit(_outcome_of_other, act, backends)
            others = [lane for number, lane in lanes.items() if number != first]
            until(lambda: _all_wait(others, backends), "Some act neither waits nor ends.")
        finally:
            hold.is_over.set()
        return [lanes[number].result(PATIENCE_SECONDS) for number in range(len(acts))]

    def close(self) -> None:
        self.run(*[_hang_up] * LANES)
        self._lanes.shutdown()


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
            self.is_reached.set()  # by its end: it never held a lock, or none that it kept

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


def _all_wait(lanes: list[Future[Any]], backends: list[int]) -> bool:
    """Whether each of these acts is done or waits for somebody's lock."""
    unfinished = [lane for lane in lanes if not lane.done()]
    if not unfinished:
        return True
    if not ON_POSTGRESQL:
        return len(turns._waiting) == len(unfinished)
    with connection.cursor() as cursor:
        waiting = "SELECT count(*) FROM unnest(%s::int[]) pid WHERE cardinality(pg_blocking_pids(pid)) > 0"
        cursor.execute(waiting, [list(set(backends))])  # a lane may have had two acts
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


def _hang_up() -> None:
    connection.close()  # looked up here: each thread has its own


def told(outcome: Any) -> str:
    """What came of an act, in a word: the code of a refusal, the name of another exception, or "done"."""
    if isinstance(outcome, ValidationError) or type(outcome) is Refused:
        return str(outcome.code)
    return type(outcome).__qualname__ if isinstance(outcome, Exception) else "done"
