"""The short form of `python -m tests.backup.under_load`."""

import os
from pathlib import Path

import pytest

from tests.backup.load import differences
from tests.backup.under_load import play

pytestmark = pytest.mark.backends


def test_a_copy_that_is_made_while_people_write_has_everything_of_one_moment(tmp_path: Path) -> None:
    on_postgresql = os.environ.get("PARLEY_TEST_DATABASE") == "postgresql"
    result = play(tmp_path, rounds=1, rate=20, on_postgresql=on_postgresql, pause=2)
    [played] = result.rounds
    assert result.refused == []
    assert played.wrong == []
    assert played.messages > 1


def test_the_comparison_finds_what_is_missing() -> None:
    def stored(*messages: list[object], version: int, files: dict[str, str | None] | None = None) -> object:
        return {
            "versions": [[1, version]],
            "messages": messages,
            "unread": [],
            "people": [],
            "files": files or {},
        }

    first, second = [1, 1, 1, 1, "one", None, 0], [2, 1, 2, 2, "two", None, 0]
    living = stored(first, second, version=2, files={"a": "hash"})
    assert differences(living, living, ["one", "two"]) == []
    assert differences(stored(first, version=1), living, ["one"]) == []  # the second came after
    assert len(differences(stored(first, version=2), living, ["one"])) == 1
    assert len(differences(stored(first, version=1), living, ["one", "two"])) == 1
    assert len(differences(stored(first, [3, 1, 3, 1, "x", None, 0], version=1), living, [])) == 1
    assert len(differences(stored(first, version=1, files={"a": None}), living, [])) == 1
    assert len(differences(stored(first, version=1, files={"a": "other"}), living, [])) == 1
