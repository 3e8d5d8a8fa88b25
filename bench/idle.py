"""Resource use of a hundred open streams while somebody sends messages: memory, connections, SQLite's log.

python -m bench.idle --minutes 10
"""

import argparse
import asyncio
import os
import time
from pathlib import Path

from bench.installation import Served, memory_of, serving
from bench.visitors import Listener, Visitor, summary

STREAMS, STREAMS_PER_PERSON = 100, 5
RATE = 5.0  # messages a second
SHOWN_EVERY_SECONDS = 60


def connections_of(pid: int) -> int:
    """How many times the process has opened the database file."""
    opened = (os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir() if one.is_symlink())
    return sum(one.endswith("parley.sqlite3") for one in opened)


def log_size() -> float:
    """The size of SQLite's write-ahead log, in MB."""
    return (Path(os.environ["PARLEY_VAR"]) / "parley.sqlite3-wal").stat().st_size / 2**20


async def measure(served: Served, seconds: float) -> None:
    lateness: list[float] = []
    failed: list[int] = []
    listeners = [
        Listener(served, served.cookies[number // STREAMS_PER_PERSON], lateness) for number in range(STREAMS)
    ]
    listening = [asyncio.ensure_future(one.listen()) for one in listeners]
    await asyncio.sleep(2)
    print(f"before the first message: {connections_of(served.pid)} connections", flush=True)
    sender = Visitor(served, served.cookies[0], [], failed)
    start, shown = time.monotonic(), 0.0
    number = 0
    while time.monotonic() < start + seconds:
        await asyncio.sleep(max(0, start + number / RATE - time.monotonic()))
        await sender.send()
        number += 1
        if time.monotonic() - shown > SHOWN_EVERY_SECONDS:
            shown = time.monotonic()
            print(
                f"{shown - start:.0f} s: {memory_of(served.pid):.1f} MB of memory, "
                f"{connections_of(served.pid)} connections, {log_size():.1f} MB of log",
                flush=True,
            )
    await asyncio.sleep(2)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    print(f"{len(lateness)} of {number * STREAMS} arrived, {len(failed)} failed")
    print(summary("sent -> in a stream", lateness))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    options = parser.parse_args()
    with serving(people=STREAMS // STREAMS_PER_PERSON) as served:
        asyncio.run(measure(served, options.minutes * 60))


if __name__ == "__main__":
    main()
