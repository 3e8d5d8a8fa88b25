"""Parley started by root: it writes nothing into a folder that belongs to another account."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from site_config.local_state import refuse_root
from tests.served.processes import ROOT, outside

NOBODY = 65534


def given_away(folder: Path) -> Path:
    """The folder, which does not belong to root."""
    folder.mkdir()
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    return folder


def test_root_is_refused_where_the_folder_is_of_another_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    var = given_away(tmp_path / "var")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(SystemExit, match=r"belongs to .+ and root runs this.*deploy/parley-manage"):
        refuse_root(var)
    refuse_root(tmp_path / "not there yet")
    refuse_root(Path("/"))  # of root itself
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY)
    refuse_root(var)


# `manage.py`, run by an account that it takes for root.
AS_ROOT = """
import os, runpy, sys
os.geteuid = lambda: 0
sys.argv = ["manage.py", "setup_link"]
runpy.run_path("manage.py", run_name="__main__")
"""


def test_a_command_of_root_writes_nothing_there(tmp_path: Path) -> None:
    var = given_away(tmp_path / "var")
    command = [sys.executable, "-c", AS_ROOT]
    environment = outside() | {"PARLEY_VAR": str(var)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "root runs this" in done.stderr
    assert list(var.iterdir()) == []


def test_commands_of_a_service_get_its_settings_and_its_account(tmp_path: Path) -> None:
    """`deploy/parley-manage`, with a folder, a file of settings and a program of the test."""
    settings = tmp_path / "parley.env"
    settings.write_text("PARLEY_OIDC_ACME='https://a:b@c?name=Acme&join=anyone'\n")
    (tmp_path / "deploy").mkdir()
    script = tmp_path / "deploy/parley-manage"
    script.write_text((ROOT / "deploy/parley-manage").read_text().replace("/etc/parley.env", str(settings)))
    runuser = tmp_path / "runuser"
    runuser.write_text('#!/bin/sh\nprintf "%s\\n" "$PWD" "$TMPDIR" "$PARLEY_OIDC_ACME" "$@"\n')
    runuser.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    command = ["sh", str(script), "backup", "/a folder"]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == [
        *(str(tmp_path), "/var/tmp", "https://a:b@c?name=Acme&join=anyone"),
        *("-u", "parley", "--", ".venv/bin/python", "manage.py", "backup", "/a folder"),
    ]
