"""`manage.py test`, `make run` and `make test` do what they say."""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

import pytest

from tests.waiting import PATIENCE_SECONDS

ROOT = Path(__file__).parent.parent.parent


def clean_environment(**more: str) -> dict[str, str]:
    """The environment of somebody's shell, without what this test run has put into it."""
    ours = ("PARLEY_", "PYTEST_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_", "MAKE")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | more


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, env=clean_environment(), capture_output=True, text=True)


def dry_run(target: str) -> list[str]:
    """The commands that make would run in a new checkout."""
    answer = run("make", "--dry-run", "--always-make", target)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.splitlines()


def test_manage_test_runs_more_than_100_tests_through_pytest() -> None:
    # Not all of them, since this test is one of them.
    some = "test_splitting or test_folding or test_emoji"
    output = run(sys.executable, "manage.py", "test", "messaging", "-k", some).stdout
    found = re.search(r"(\d+) passed, (\d+) deselected", output)
    assert found, output
    passed, others = map(int, found.groups())
    assert passed > 100
    assert others > 3_000  # the whole suite was found


def test_make_run_installs_and_serves_the_demo() -> None:
    lines = dry_run("run")
    assert any("-r requirements.lock" in line for line in lines)
    assert "manage.py serve --demo" in lines[-1]


def test_make_test_installs_and_runs_every_test_including_browser_tests() -> None:
    lines = dry_run("test")
    assert any("-r requirements-dev.lock" in line for line in lines)
    for half in ("-m backends", '-m "not backends"'):
        assert any(f"pytest tests {half} --ignore tests/live --ignore tests/served" in line for line in lines)
    for folders in ("tests/live tests/served", "e2e"):
        assert any(re.search(rf"-m pytest( --\S+( \d)?)* +{folders}", line) for line in lines)
    on_postgresql = [line for line in lines if "PARLEY_TEST_DATABASE=postgresql" in line]
    assert len(on_postgresql) == 2
    assert all("-m backends" in line for line in on_postgresql)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """Starts what `make run` starts, with a new data folder. Yields its output up to the line that says that
    it is running."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "manage.py", "serve", "--demo", "--port", str(port)]
    environment = clean_environment(PARLEY_VAR=str(tmp_path / "var"))
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        assert server.stdout
        alarm = threading.Timer(PATIENCE_SECONDS, server.kill)
        alarm.start()
        output = ""
        for line in server.stdout:
            output += line
            if "Ctrl-C" in line:
                break
        alarm.cancel()
        yield output
        server.terminate()


def test_what_make_run_starts_prints_a_sign_in_to_a_team_with_lively_rooms(served: str) -> None:
    printed = {
        name: re.search(rf"^  {name} +(\S+)", served, re.MULTILINE)
        for name in ("Sign in at", "as", "password")
    }
    assert all(printed.values()), served
    address, username, password = (found[1] for found in printed.values() if found)
    browser = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))
    page = browser.open(f"{address}/account/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    form = {"login": username, "password": password, "csrfmiddlewaretoken": token[1]}
    home = browser.open(f"{address}/account/login/", urlencode(form).encode()).read().decode()
    assert f"@{username}" in home
    rooms = re.findall(r'href="(/conversations/\d+/)"', home)
    assert len(rooms) >= 3
    assert 'class="badge"' in home
    lively = browser.open(address + rooms[0]).read().decode()
    assert lively.count('<article class="message') >= 10
