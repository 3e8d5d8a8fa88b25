"""Messages name commands as people here type them (`settings.MANAGE`), and the units say how that is."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
COMMANDS = "|".join(path.stem for path in (ROOT / "messaging/management/commands").glob("[a-z]*.py"))
NAMED = re.compile(rf"(manage\.py|parley-manage) ({COMMANDS}|migrate)\b")
UNITS = sorted((ROOT / "deploy").glob("*.service"))


def named_in(source: str) -> list[str]:
    """The texts of a program, but for docstrings, that name a command under one of its names."""
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and id(node) not in docstrings
        if isinstance(node.value, str) and NAMED.search(node.value)
    ]


def test_no_text_names_a_command_by_itself() -> None:
    found = {
        str(path.relative_to(ROOT)): texts
        for path in sorted((ROOT / "messaging").rglob("*.py"))
        if (texts := named_in(path.read_text()))
    }
    found |= {
        str(path.relative_to(ROOT)): [match[0]]
        for path in (ROOT / "templates").rglob("*.*")
        if (match := NAMED.search(path.read_text()))
    }
    assert found == {}


def test_a_command_in_a_text_would_be_found() -> None:
    assert named_in('"""manage.py backup"""\nprint(f"Run manage.py restore {folder}")') == [
        "Run manage.py restore "
    ]


@pytest.mark.parametrize("unit", UNITS, ids=[unit.name for unit in UNITS])
def test_units_say_what_people_type(unit: Path) -> None:
    lines = unit.read_text().splitlines()
    assert "Environment=PARLEY_MANAGE=parley-manage" in lines
    assert any(line.startswith("ExecStart=") and " manage.py " in line for line in lines)
