"""Where things may be imported, beyond what the contracts of `make check ONLY=imports` say."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "messaging"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
# Modules that may import inside functions.
INSIDE_FUNCTIONS = {
    "apps.py",  # models can be imported only when the registry of apps is ready
    "models/people/queryset.py",  # User.objects.delete() deletes everything of a person
}

# Where an import is planted.
FUNCTION = "def planted() -> None:"
FOR_TYPES = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:"


def imports_inside_functions(tree: ast.AST) -> Iterator[ast.AST]:
    for function in ast.walk(tree):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from (node for node in ast.walk(function) if isinstance(node, (ast.Import, ast.ImportFrom)))


def test_only_the_allowed_modules_import_inside_a_function() -> None:
    found = {
        str(path.relative_to(PACKAGE))
        for path in MODULES
        if any(imports_inside_functions(ast.parse(path.read_text())))
    }
    assert found == INSIDE_FUNCTIONS


def test_no_model_imports_messaging_models() -> None:
    for path in (PACKAGE / "models").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert node.module != "messaging.models", path


def test_no_method_has_self_any() -> None:
    assert [path for path in MODULES if "self: Any" in path.read_text()] == []


@pytest.mark.parametrize(
    ("module", "line", "head"),
    [
        ("models/messages/timeline.py", "from messaging.models.rooms.members import join", FUNCTION),
        ("models/people/roles.py", "from messaging.views.responses import number", FUNCTION),
        ("text/links.py", "from messaging.models.db.tokens import hashed", FUNCTION),
        ("models/site/audit_log.py", "from messaging.models.people.user import User", FOR_TYPES),
    ],
)
def test_an_upward_import_breaks_a_contract(tmp_path: Path, module: str, line: str, head: str) -> None:
    for folder in ("messaging", "site_config"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = tmp_path / "messaging" / module
    planted.write_text(f"{planted.read_text()}\n\n{head}\n    {line}\n")
    program = str(Path(sys.executable).with_name("lint-imports"))
    checked = subprocess.run([program, "--no-cache"], cwd=tmp_path, capture_output=True, text=True)
    assert checked.returncode == 1, checked.stdout
    assert "BROKEN" in checked.stdout
