"""The steps of `deploy/Dockerfile`, as far as they can be run without Docker: what it copies is enough to
serve, its health check tells whether it does, and nothing is written outside of its volume.

Not run here: the installation of packages from the lock file (the tests run with the same ones), another
user, and `deploy/compose.yml`."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import yaml

from tests.served.processes import ROOT, outside
from tests.waiting import until

DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()
STEPS = DOCKERFILE.rpartition("\nFROM ")[2]


def step(name: str) -> str:
    """The rest of the line of a step of the last stage."""
    found = re.search(rf"^{name} (.+)$", STEPS, re.MULTILINE)
    assert found
    return found[1]


def command_of(name: str) -> list[str]:
    words: list[str] = json.loads(step(name)[step(name).index("[") :])
    return words


def test_what_is_copied_serves_and_writes_into_the_volume_alone(tmp_path: Path) -> None:
    root, data = tmp_path / "parley", tmp_path / "data"
    root.mkdir()
    data.mkdir()
    ignored = (ROOT / ".dockerignore").read_text().split()
    for line in re.findall(r"^COPY (?!--from)(.+)$", STEPS, re.MULTILINE):
        *names, target = line.split()
        for name in names:
            assert f"!{name}" in ignored
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, root / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, root / target)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    set_by_image = dict(pair.split("=", 1) for pair in step("ENV").split())
    assert set_by_image["PARLEY_VAR"].startswith(f"{step('VOLUME')}/")
    variables = (
        outside()
        | set_by_image
        | {
            "PARLEY_VAR": str(data / "parley"),
            "TMPDIR": str(data),
            "PORT": str(port),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONDONTWRITEBYTECODE": "1",  # the image has the bytecode already
        }
    )

    def is_healthy() -> bool:
        check = command_of("HEALTHCHECK")
        return not subprocess.run(check, env=variables, capture_output=True, check=False).returncode

    before = sorted(root.rglob("*"))
    assert not is_healthy()
    with subprocess.Popen(
        command_of("CMD"), cwd=root, env=variables, stdout=subprocess.PIPE, text=True
    ) as process:
        until(is_healthy)
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate()
    assert process.returncode == 0
    assert "Create the first account" in said
    assert sorted(root.rglob("*")) == before
    assert (data / "parley/parley.sqlite3").exists()
    assert (data / "parley").stat().st_mode & 0o077 == 0


def test_the_services_are_those_of_the_image() -> None:
    services = yaml.safe_load((ROOT / "deploy/compose.yml").read_text())["services"]
    more = yaml.safe_load((ROOT / "deploy/compose.postgresql.yml").read_text())
    parley = services["parley"]
    assert (ROOT / "deploy" / parley["build"]["context"] / parley["build"]["dockerfile"]).exists()
    assert parley["volumes"] == [f"parley:{step('VOLUME')}"]
    assert parley["read_only"] is True
    assert set(parley["build"]["args"]) == set(re.findall(r"^ARG (\w+)=$", DOCKERFILE, re.MULTILINE)) - {
        "PACKAGES"
    }
    # What is in parley.env is not replaced by an empty value.
    assert set(parley["environment"]) == {"PARLEY_URL", "FORWARDED_ALLOW_IPS"}
    assert "ports" not in parley  # only the proxy reaches it
    assert services["caddy"]["command"].endswith(f"--to parley:{step('EXPOSE')}")
    added = more["services"]
    (argument,) = added["parley"]["build"]["args"]
    assert step("ARG") == f"{argument}="
    for host in ("postgresql", "redis"):
        assert host in added
        assert re.search(rf"[@/]{host}[:/]", str(added["parley"]["environment"]))
