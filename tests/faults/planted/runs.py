"""Runs with a planted bug, and without one."""

from contextlib import ExitStack
from unittest.mock import patch

from tests.faults.delivery.checker import faults
from tests.faults.delivery.history import History
from tests.faults.delivery.run import Plan, play
from tests.faults.planted.bugs import BUGS

PATIENCE_SECONDS = 8.0  # four times as long as a tab takes that missed every wake-up
STRIKES = ("kill", "half_body", "take_away", "bad_gateway", "freeze", "restore")
TRACED_STRIKES = ("half_body", "take_away", "freeze")  # a server that is traced must go on


def broken_laws(name: str, seed: int = 1) -> list[str]:
    """The names of the laws that a run with this bug breaks."""
    bug = BUGS[name]
    plan = Plan(
        seed,
        bug.strikes or ("freeze",),
        pause=1.5,
        rate=5.0,
        servers=bug.servers,
        patience=PATIENCE_SECONDS,
        is_traced=bug.is_traced,
    )
    with ExitStack() as planted:
        for change in bug.changes:
            if change.is_in_tests:
                change.plant(lambda *target: planted.enter_context(patch.object(*target)))
        return _broken_in(play(plan, bug.prepare, PARLEY_PLANTED=name))


def found_without(seed: int, is_traced: bool) -> list[str]:
    """What is found in a run without a bug: it has to be nothing."""
    strikes = TRACED_STRIKES if is_traced else STRIKES
    return faults(play(Plan(seed, strikes, pause=1.0, rate=5.0, is_traced=is_traced)))


def _broken_in(history: History) -> list[str]:
    return sorted({found.partition(":")[0] for found in faults(history)})
