"""The tests that pass only when they are run again."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FAILS_ONCE = """
import pytest
tried = set()

@pytest.mark.parametrize("n", range({several}))
def test_first_time(n):
    first = n not in tried
    tried.add(n)
    assert not first, "late"
"""


def run_again(folder: Path, source: str) -> subprocess.CompletedProcess[str]:
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_it.py").write_text(source)
    options = ["-p", "no:django", "-p", "tests.again", "--reruns", "1", "-c", str(folder / "pytest.ini")]
    command = [sys.executable, "-m", "pytest", *options, str(folder / "test_it.py")]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize(("several", "passes"), [(2, True), (3, False)])
def test_two_may_pass_the_second_time_and_why_they_failed_is_shown(
    tmp_path: Path, several: int, passes: bool
) -> None:
    done = run_again(tmp_path, FAILS_ONCE.format(several=several))
    assert (done.returncode == 0) == passes, done.stdout
    assert done.stdout.count("test_it.py::test_first_time[0], the first time:") == 1
    assert done.stdout.count("E       AssertionError: late") == several
    assert ("FAILED: 3 tests were run again" in done.stdout) != passes


def test_what_fails_twice_fails(tmp_path: Path) -> None:
    done = run_again(tmp_path, "def test_it():\n    assert False, 'always'\n")
    assert done.returncode == 1
    assert "1 failed, 1 rerun" in done.stdout
