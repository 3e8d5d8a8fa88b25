"""Makes copies while people write, restores each, and compares it: `python -m tests.backup.under_load`.

Prints for each copy how many messages and files it has and what differs, and how long it took. With
`--postgresql` on PostgreSQL; `--rounds 2` makes two copies, `--rate 5` sends five messages a second.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django


@dataclass
class Round:
    """One copy: what it has, and what is wrong with it."""

    seconds: float
    messages: int
    files: int
    wrong: list[str]


@dataclass
class Result:
    rounds: list[Round]
    sent: int
    removed: int
    refused: list[int]
    seconds: list[float]  # of each send


def play(folder: Path, rounds: int, rate: float, on_postgresql: bool, pause: float = 1.0) -> Result:
    """Make so many copies while people write, then verify, restore and compare each."""
    from tests.backup.installation import installations
    from tests.backup.load import Load, differences
    from tests.served.processes import parley_process

    copies: list[tuple[float, float]] = []
    names = tuple(f"person{number}" for number in range(10))
    with installations(folder, rounds + 1, on_postgresql) as (living, *new):
        living.fill(*names)
        sessions = living.shell(SESSIONS)
        room = living.stored()["versions"][0][0]
        with (
            parley_process(**living.environment) as (address, _),
            _worker(living),
            Load(address, sessions, room, rate) as load,
        ):
            for _round in range(rounds):
                time.sleep(pause)
                begun = time.monotonic()
                living.manage("backup", str(folder / "copies"))
                copies.append((begun, time.monotonic()))
        stored = living.stored()
        played = []
        for copy, empty, (begun, ended) in zip(
            sorted((folder / "copies").glob("2*")), new, copies, strict=True
        ):
            verified = living.manage("verify_backup", str(copy), succeeds=None)
            empty.manage("restore", str(copy))
            restored = empty.stored()
            before = [text for text, at in load.sent if at < begun]
            wrong = differences(restored, stored, before)
            wrong += verified.stderr.splitlines() if verified.returncode else []
            played.append(Round(ended - begun, len(restored["messages"]), len(restored["files"]), wrong))
    return Result(played, len(load.sent), load.removed, load.wrong, load.seconds)


SESSIONS = """
import json
from messaging.models import Session
print(json.dumps(list(Session.objects.order_by("user_id").values_list("session_key", flat=True))))
"""


@contextmanager
def _worker(installed: object) -> Iterator[None]:
    """The process that deletes the bytes of removed files."""
    from tests.served.processes import ROOT, outside

    environment = outside() | installed.environment  # type: ignore[attr-defined]
    command = [sys.executable, str(ROOT / "manage.py"), "worker"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        yield
        process.terminate()


def main() -> int:
    """Returns 1 if a copy differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--rate", type=float, default=20)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    with tempfile.TemporaryDirectory(prefix="parley-backup-") as folder:
        result = play(Path(folder), options.rounds, options.rate, options.postgresql)
    for number, played in enumerate(result.rounds, start=1):
        print(
            f"copy {number}: {played.messages} messages, {played.files} files, {played.seconds:.1f} s, "
            f"{len(played.wrong)} differences"
        )
        for wrong in played.wrong[:10]:
            print(f"  {wrong}")
    slowest = max(result.seconds)
    print(
        f"{result.sent} messages sent, {result.removed} removed, {len(result.refused)} refused "
        f"{sorted(set(result.refused))}; a send took {statistics.median(result.seconds) * 1000:.0f} ms, "
        f"at most {slowest * 1000:.0f} ms"
    )
    return int(any(played.wrong for played in result.rounds) or bool(result.refused))


if __name__ == "__main__":
    sys.exit(main())
