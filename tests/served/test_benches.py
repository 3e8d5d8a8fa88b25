"""The programs in `bench/` still run without errors. Their results are not checked."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.served.processes import ROOT, outside

BENCHES = {
    "pages": "--runs 1 --seconds 0.1 --messages 5 --members 3 --clients 4 --results {folder}",
    "growth": "--small 200 --large 400 --databases sqlite --runs 1 --seconds 0.1 --clients 2 --messages 2 "
    "--results {folder}",
    "team": "--on one-core --start 5 --step 5 --most 10 --seconds 2 --pause 1.5 --results {folder}",
    "idle": "--minutes 0.03",
    "live": "--streams 20 --rate 20 --seconds 1",
    "reading": "--readers 12 --rate 30 --seconds 4",
    "account_deletion": "--messages 300",
    "patterns": "access pages",
    "sign_in": "--pairs 3",
    "switching": "--switches 4 --rooms 3",
    "everybody": "--people 12 --mentions 2 --rest 0",
}


@pytest.mark.parametrize("bench", BENCHES)
def test_the_benchmark_runs_without_errors(bench: str, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", f"bench.{bench}", *BENCHES[bench].format(folder=tmp_path).split()],
        cwd=ROOT,
        env=outside(),
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout
    assert "Too Many Requests" not in ran.stderr
    for wrong in ("CHANGED", "done False"):
        assert wrong not in ran.stdout
    if " failed" in ran.stdout:
        assert " 0 failed" in ran.stdout
    if "{folder}" in BENCHES[bench]:
        assert (tmp_path / f"{bench}.md").read_text()
        plots = [ElementTree.parse(path).getroot().tag for path in tmp_path.glob("*.svg")]
        assert plots == ["{http://www.w3.org/2000/svg}svg"]
