"""The laws of delivery find bugs that are planted, and each bug can still be planted where it was."""

from typing import Any

import pytest

from tests.faults.planted.bug import Change
from tests.faults.planted.bugs import BUGS
from tests.faults.planted.runs import broken_laws

# All are played by `make faults`.
PLAYED = [
    "an edit does not check the version that its author saw",
    "everybody may open a stream",
]


@pytest.mark.parametrize("name", PLAYED)
def test_a_run_with_a_planted_bug_breaks_its_law(name: str) -> None:
    assert not BUGS[name].laws.isdisjoint(broken_laws(name))


@pytest.mark.parametrize("name", [name for name, bug in BUGS.items() if bug.changes])
def test_the_target_of_each_bug_is_there(name: str) -> None:
    planted: list[Any] = []
    for change in BUGS[name].changes:
        change.plant(lambda owner, attribute, value: planted.append(value))
    assert len(planted) == len(BUGS[name].changes)


def test_a_bug_is_not_planted_where_its_target_is_gone() -> None:
    change = Change("messaging.live.feed:Feed", "_advance", ("what is not there", ""))
    with pytest.raises(AssertionError, match="does not contain"):
        change.plant(setattr)
