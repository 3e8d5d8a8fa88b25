"""The laws of delivery find bugs that are planted, and each bug can still be planted where it was."""

from typing import Any

import pytest
from django.conf import settings

from tests.faults.planted.bug import Change
from tests.faults.planted.bugs import BUGS
from tests.faults.planted.conditions import CONDITIONS
from tests.faults.planted.runs import broken_laws

ALL = BUGS | CONDITIONS


def test_a_run_with_a_planted_bug_breaks_its_law() -> None:
    """One of them; `make faults` plays all."""
    assert "edits" in broken_laws("an edit does not check the version that its author saw")


@pytest.mark.parametrize("name", [name for name, bug in ALL.items() if bug.changes])
def test_the_target_of_each_bug_is_there(name: str) -> None:
    planted: list[Any] = []
    for change in ALL[name].changes:
        change.plant(lambda owner, attribute, value: planted.append(value))
    assert len(planted) == len(ALL[name].changes)


@pytest.mark.parametrize("name", [name for name, bug in ALL.items() if bug.init_command])
def test_what_is_said_to_sqlite_first_contains_what_a_bug_replaces(name: str) -> None:
    right, wrong = ALL[name].init_command or ("", "")
    said = settings.DATABASES["default"]["OPTIONS"]["init_command"]
    assert said.count(right) == 1
    assert wrong not in said


def test_a_bug_is_not_planted_where_its_target_is_gone() -> None:
    change = Change("messaging.live.feed:Feed", "_advance", ("what is not there", ""))
    with pytest.raises(AssertionError, match="does not contain"):
        change.plant(setattr)
