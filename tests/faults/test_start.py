"""A start that cannot succeed says why in a sentence, and what the server writes is its owner's alone."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.attacked import attacked_server
from tests.served.processes import ROOT, outside


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", "0"]
    return subprocess.run(
        command, env=outside() | environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize(
    "place", ["a file", "below a file", "a folder in place of the database", "no server"]
)
def test_start_that_fails_says_so_in_a_sentence(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "var/parley.sqlite3").mkdir(parents=True)
    environment = {
        "a file": {"PARLEY_VAR": str(tmp_path / "file")},
        "below a file": {"PARLEY_VAR": str(tmp_path / "file/var")},
        "a folder in place of the database": {"PARLEY_VAR": str(tmp_path / "var")},
        "no server": {"PARLEY_VAR": str(tmp_path / "var"), "DATABASE_URL": "postgres://x@127.0.0.1:1/x"},
    }[place]
    ended = start(**environment)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert "Parley cannot" in ended.stderr
    assert str(tmp_path) in ended.stderr


def test_files_of_the_server_are_readable_by_its_owner_alone(tmp_path: Path) -> None:
    with attacked_server() as server:
        for name in ("secret_key", "parley.sqlite3", "parley.sqlite3-wal"):
            mode = stat.S_IMODE((server.folder / name).stat().st_mode)
            assert mode & 0o077 == 0, (name, oct(mode))
