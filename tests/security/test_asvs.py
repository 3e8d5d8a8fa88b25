"""docs/security/asvs.md contains every requirement of level 1, and all tests it names exist."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
TABLE = ROOT / "docs/security/asvs.md"
# How many requirements of level 1 each chapter has (ASVS 5.0.0, its English CSV): 70 in all.
OF_LEVEL_1 = {1: 8, 2: 4, 3: 8, 4: 2, 5: 4, 6: 13, 7: 6, 8: 4, 9: 4, 10: 5, 11: 3, 12: 3, 13: 1, 14: 2, 15: 3}
ROW = re.compile(r"^\| (\d+)\.(\d+)\.(\d+) \| ([123]) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`((?:tests|e2e)/[\w/]+\.py)::(test_\w+)`")


class Requirement(NamedTuple):
    number: tuple[int, ...]
    level: str
    how: str
    shown_by: str


def requirements() -> list[Requirement]:
    found = ROW.findall(TABLE.read_text())
    return [Requirement((int(a), int(b), int(c)), level, how, by) for a, b, c, level, _, how, by in found]


@cache
def names_in(path: str) -> set[str]:
    """The names of the tests in a file; none where there is no such file."""
    file = ROOT / path
    tree = ast.parse(file.read_text()) if file.exists() else ast.Module([], [])
    return {one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_requirement_of_level_1_is_there_once_and_in_order() -> None:
    numbers = [one.number for one in requirements()]
    assert numbers == sorted(set(numbers))
    assert Counter(one.number[0] for one in requirements() if one.level == "1") == OF_LEVEL_1


def test_each_has_a_test_or_a_reason() -> None:
    for one in requirements():
        if one.shown_by == "reason":
            assert len(one.how.split()) > 1, one.number
        else:
            assert TEST.sub("", one.shown_by).strip(" ,") == "", one.number


def test_every_test_that_is_named_exists() -> None:
    named = TEST.findall(TABLE.read_text())
    assert len(named) > 70
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []
