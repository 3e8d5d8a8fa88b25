"""Threads that start together, each with a database connection of its own."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from tests.amounts import MORE

ROUNDS = 40 * MORE
FEWER_ROUNDS = 20 * MORE  # where more threads race, or the round costs more
LANES = 10
PATIENCE_SECONDS = 30  # a deadlock ends after one: PostgreSQL finds it, and one of the two gets an error
# As long as some statements: what starts behind another by so little meets it anywhere in its transaction.
HEAD_START_SECONDS = 0.004

Act = Callable[[], Any]


class Racers:
    """Ten lanes, which keep their connections from round to round."""

    def __init__(self) -> None:
        self._lanes = ThreadPoolExecutor(LANES)
        self._chance = random.Random(1)

    def run(self, *acts: Act) -> list[Any]:
        """What each act returned, or the exception that it raised, in the order of the acts."""
        line = Barrier(len(acts))
        late = [self._chance.uniform(0, HEAD_START_SECONDS) for _ in acts]
        lanes = [self._lanes.submit(_start, line, *pair) for pair in zip(acts, late, strict=True)]
        return [lane.result(PATIENCE_SECONDS) for lane in lanes]

    def close(self) -> None:
        self.run(*[_hang_up] * LANES)
        self._lanes.shutdown()


def _start(line: Barrier, act: Act, late: float) -> Any:
    line.wait(PATIENCE_SECONDS)
    time.sleep(late)
    try:
        return act()
    except Exception as error:
        return error


def _hang_up() -> None:
    connection.close()  # looked up here: each thread has its own


def told(outcome: Any) -> str:
    """What came of an act, in a word: the code of a refusal, the name of another exception, or "done"."""
    if isinstance(outcome, ValidationError):
        return str(outcome.code)
    return type(outcome).__qualname__ if isinstance(outcome, Exception) else "done"
