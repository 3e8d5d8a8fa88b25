"""`make`, `make run`, `make check` and `manage.py test`: their output and their failures."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests import checks, chromium
from tests.lockfiles import errors
from tests.waiting import until

ROOT = Path(__file__).parent.parent
Completed = subprocess.CompletedProcess[str]


def run(*command: str | Path, cwd: Path = ROOT, ci: bool = False) -> Completed:
    """Runs a command without the environment variables of this test run."""
    ours = {"DJANGO_SETTINGS_MODULE", "CI", "MAKEFLAGS", "MAKELEVEL", "PYTEST_ADDOPTS"}
    outside = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.startswith(("PARLEY_", "PYTEST_"))
    }
    environment = outside | {"CI": "true"} if ci else outside
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)


def test_make_alone_lists_every_command_with_a_line_of_help() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    listed = run("make").stdout
    for target in phony[1].split():
        assert re.search(rf"^  {target} +\w.{{10,}}", listed, re.MULTILINE), f"make {target} has no help"


@pytest.mark.parametrize("ci", [True, False])
def test_tests_with_browsers_or_servers_are_run_once_more_in_ci_alone(ci: bool) -> None:
    planned = run("make", "--dry-run", "test", ci=ci).stdout
    runs = [line for line in planned.splitlines() if "-m pytest" in line]
    assert len(runs) == 7
    assert sum("--reruns 1 --max-suite-reruns 2" in line for line in runs) == (4 if ci else 0)


@pytest.fixture
def make_run(tmp_path: Path) -> Callable[[str], Completed]:
    """`make run` in a fresh checkout, where python3 is the given shell script."""

    def run_with(python: str) -> Completed:
        for name in ("Makefile", "requirements.lock"):
            shutil.copy(ROOT / name, tmp_path)
        executable = tmp_path / "python"
        executable.write_text(f"#!/bin/sh\n{python}\n")
        executable.chmod(0o755)
        return run("make", "run", f"PYTHON={executable}", cwd=tmp_path)

    return run_with


@pytest.mark.parametrize(
    ("python", "advice"),
    [
        (
            'case "$*" in *version_info*) exit 1;; -V) echo Python 3.9.2;; esac',
            "3.11 or newer, not Python 3.9.2",
        ),
        ('case "$*" in *ensurepip*) exit 1;; esac', "apt install python3-venv"),
    ],
)
def test_make_run_prints_what_is_missing_on_the_machine(
    make_run: Callable[[str], Completed], python: str, advice: str
) -> None:
    answer = make_run(python)
    assert answer.returncode != 0
    assert advice in answer.stdout


def test_serve_refuses_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} on 127.0.0.1 is already in use"):
            call_command("serve", port=port)


@pytest.mark.parametrize("user", [0, 1000], ids=["root", "somebody else"])
def test_a_browser_is_installed_or_else_downloaded(monkeypatch: pytest.MonkeyPatch, user: int) -> None:
    tried: list[str] = []
    monkeypatch.setattr(chromium, "find", lambda: None)
    monkeypatch.setattr(chromium, "_try", lambda *command: tried.append(" ".join(command)))
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert chromium.find_or_install() is None
    assert tried.pop().endswith("playwright install chromium")
    names = [command.rpartition(" ")[2] for command in tried]
    assert names == ([] if user else ["--quiet", "chromium-headless-shell", "chromium"])


def test_an_installed_browser_is_not_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    found = iter([None, None, "/usr/bin/chromium"])
    tried: list[str] = []
    monkeypatch.setattr(chromium, "find", lambda: next(found))
    monkeypatch.setattr(chromium, "_try", lambda *command: tried.append(command[-1]))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert chromium.find_or_install() == "/usr/bin/chromium"
    assert tried == ["--quiet", "chromium-headless-shell", "chromium"]


def test_our_lock_files_are_complete_and_name_no_host() -> None:
    assert errors(ROOT) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "error"),
    [
        ("requirements.lock", "\ndjango==", "\ndjinni==", "django is missing"),
        ("requirements.lock", "\nregex==", "\nregex==0", "regex differs"),
        ("requirements.lock", "--hash=", "--hush=", "has no hash"),
        ("requirements-dev.lock", "#    make lock", "--index-url https://example.org", "names a host"),
        ("pyproject.toml", '"pytest",', '"pytest", "nose2",', "nose2 is missing"),
        ("Makefile", "install --quiet", "install --find-links /wheels", "names a registry"),
    ],
)
def test_a_fault_in_a_lock_is_found(tmp_path: Path, file: str, old: str, new: str, error: str) -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml", "Makefile"):
        shutil.copy(ROOT / name, tmp_path)
    text = (tmp_path / file).read_text()
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new))
    assert error in "\n".join(errors(tmp_path))


def test_checks_all_run_and_the_failed_ones_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def good() -> bool:
        return True

    def bad() -> bool:
        return False

    monkeypatch.setattr(checks, "STEPS", [bad, good])
    monkeypatch.setattr(checks, "alone", lambda name: (name == "good", f"what {name} says\n"))
    assert checks.main([]) == 1
    said = ["── bad", "what bad says", "── good", "what good says", "Failed: bad."]
    assert capsys.readouterr().out.splitlines() == said
    assert checks.main(["good"]) == 0
    assert checks.main(["bad"]) == 1
    assert checks.main(["ugly"]) == 2


def test_a_check_runs_alone_with_its_output() -> None:
    assert checks.alone("locks") == (True, "")
    passed, output = checks.alone("ugly")
    assert not passed
    assert "No such check: ugly" in output


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("tests/test_make.py::test_our_lock_files_are_complete_and_name_no_host", 0),
        ("tests/test_make.py::test_that_nobody_wrote", 4),
        ("massaging", 1),
    ],
)
def test_manage_test_ends_as_pytest_does(label: str, code: int) -> None:
    assert run(sys.executable, "manage.py", "test", label).returncode == code


@pytest.mark.parametrize(("ci", "code"), [(True, 1), (False, 0)])
def test_in_ci_a_skipped_test_is_a_failure(tmp_path: Path, ci: bool, code: int) -> None:
    (tmp_path / "test_lazy.py").write_text("import pytest\n\n\ndef test_lazy():\n    pytest.skip('later')\n")
    pytest_here = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-c", "pyproject.toml"]
    answer = run(*pytest_here, tmp_path, ci=ci)
    assert "1 skipped" in answer.stdout
    assert answer.returncode == code


@pytest.mark.parametrize("server", ["postgresql", "redis"])
def test_a_server_ends_even_if_its_test_run_is_killed(server: str) -> None:
    program = f"""
import time
from tests import servers
with servers.{server}() as address:
    print(address, flush=True)
    time.sleep(600)
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout
        address = started.stdout.readline()
        found = re.search(r"/\w[^@]*/parley-\w+-\w+", address)
        assert found, address
        folder = Path(found[0])
        assert folder.is_dir()
        started.send_signal(signal.SIGKILL)
    until(lambda: not folder.exists(), otherwise=f"{server} is still running in {folder}")
