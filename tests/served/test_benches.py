"""The programs in `bench/` still run without errors. Their results are not checked."""

import subprocess
import sys

import pytest

from tests.served.processes import ROOT, outside

BENCHES = {
    "pages": "--runs 1 --seconds 0.5 --messages 5 --members 3 --clients 4",
    "idle": "--minutes 0.03",
    "streams": "--streams 20 --rate 50 --seconds 3",
    "reading": "--readers 12 --rate 30 --seconds 4",
    "account_deletion": "--messages 300",
    "patterns": "access pages",
    "sign_in": "--pairs 3",
}


@pytest.mark.parametrize("bench", BENCHES)
def test_the_benchmark_runs_without_errors(bench: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", f"bench.{bench}", *BENCHES[bench].split()],
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
