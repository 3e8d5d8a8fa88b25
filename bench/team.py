"""How many people a server holds who behave as Mattermost's users do (`bench.team_member`).

People with open streams join step by step, until the responses take 100 ms on average or 2 s for the slowest
hundredth, or one fails. Two ways of serving are measured: one process and core on SQLite, with the load
generator on the other core; and two processes on PostgreSQL and Redis behind nginx, all of them and the
generator on the same two cores. (Mattermost's published figure is 217 people on 2 + 2 vCPU.) The generator
measures how late it wakes up itself, to show that it is not the limit. Linux only.

    python -m bench.team
    python -m bench.team --on one-core --start 1000 --step 250
"""

import argparse
import asyncio
import resource
import socket
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import uvloop

from bench import results, svg
from bench.cores import on_one_core
from bench.installation import cpu_seconds_of, in_new_process
from bench.team_installation import create_team
from bench.team_member import Account, Member, Tally
from tests import nginx, servers
from tests.served.processes import parley_process

AVERAGE_MS, SLOWEST_MS = 100, 2000  # from these on it is too slow
GENERATOR_MS = 20  # the generator may wake up at most this late, on average
PROBE_SECONDS = 0.02
TARGETS = {"one-core": 1000, "two-cores": 2000}
WAYS = {
    "one-core": "one process and core, SQLite",
    "two-cores": "two cores: two processes, PostgreSQL, Redis, nginx and the load generator",
}


class Step(NamedTuple):
    """What was measured with this many people. All times are in ms.

    Attributes:
        rate: requests a second.
        arrived: the p99 from sending until a message is in somebody's stream.
        server: the share of a core that the server processes used.
        own: that of the load generator.
        generator: how late it woke up on average.
        failed: what went wrong.
    """

    people: int
    rate: float
    average: float
    p99: float
    arrived: float
    server: float
    own: float
    generator: float
    failed: list[str]

    @property
    def is_held(self) -> bool:
        return self.average < AVERAGE_MS and self.p99 < SLOWEST_MS and not self.failed

    def row(self) -> str:
        times = f"{self.average:.0f} | {self.p99:.0f} | {self.arrived:.0f}"
        shares = f"{self.server:.0%} | {self.own:.0%} | {self.generator:.1f}"
        return f"| {self.people} | {self.rate:.0f} | {times} | {len(self.failed)} | {shares} |"


COLUMNS = (
    "people",
    "requests/s",
    "average ms",
    "p99 ms",
    "arrival p99 ms",
    "failed",
    "server",
    "generator",
    "its delay ms",
)


def main() -> None:
    options = _options()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(
        resource.RLIMIT_NOFILE, (most, most)
    )  # two connections for each person, in each process
    texts, plots = [results.how_busy()], {}
    for way in options.on:
        with WAYS_OF_SERVING[way](options.most) as (port, processes, accounts):
            steps = uvloop.run(_raise(port, processes, accounts, options))
        texts.append(_text(way, steps, options.seconds))
        series = {
            "average": [(step.people, step.average) for step in steps],
            "p99, a twentieth of it": [(step.people, step.p99 / 20) for step in steps],
        }
        plots[f"team-{way}"] = svg.lines("Response time, ms", "people", series, AVERAGE_MS)
    results.write(options.results, "team", "\n\n".join(texts), plots)


def _text(way: str, steps: list[Step], seconds: float) -> str:
    held = max((step.people for step in steps if step.is_held), default=0)
    verdict = f"**{held} people** are held (target: {TARGETS[way]})."
    if held == steps[-1].people:
        verdict += " More were not tried."
    if any(step.generator > GENERATOR_MS for step in steps):
        verdict += " THE GENERATOR WAS TOO LATE: the server may hold more."
    failures = Counter(failure for step in steps for failure in step.failed)
    lines = [
        f"{WAYS[way]}; {seconds:g} s each step\n",
        f"| {' | '.join(COLUMNS)} |",
        "|---:" * len(COLUMNS) + "|",
        *(step.row() for step in steps),
        f"\n{verdict} {failures.total()} failed.",
        *(f"- {count} × {failure}" for failure, count in failures.most_common(5)),
    ]
    return "\n".join(lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--on", nargs="+", choices=list(WAYS), default=list(WAYS))
    parser.add_argument("--start", type=int, default=500, help="people in the first step (%(default)s)")
    parser.add_argument("--step", type=int, default=250, help="people who join then (%(default)s)")
    parser.add_argument("--most", type=int, default=4000, help="people who exist (%(default)s)")
    parser.add_argument("--seconds", type=float, default=30, help="of each step (%(default)s)")
    parser.add_argument(
        "--pause", type=float, default=20, help="average seconds between two acts of a person (%(default)s)"
    )
    results.add_option(parser)
    return parser.parse_args()


async def _raise(
    port: int, processes: list[int], accounts: list[Account], options: argparse.Namespace
) -> list[Step]:
    """Let people join until the server is too slow, and measure each step."""
    steps: list[Step] = []
    tally = Tally()
    living: list[asyncio.Task[None]] = []
    waiting = iter(accounts)
    number = options.start
    while number <= len(accounts):
        while len(living) < number:
            member = Member(port, next(waiting), tally, options.pause)
            living.append(asyncio.create_task(member.live()))
        # Until all of them have opened a page or two; at first also until the caches are filled.
        await asyncio.sleep(options.pause * (1 if steps else 3))
        step = await _measure(number, processes, tally, options.seconds)
        step.failed.extend(repr(one.exception()) for one in living if one.done())
        steps.append(step)
        print(steps[-1].row(), file=sys.stderr, flush=True)
        if not steps[-1].is_held:
            break
        number += options.step
    for task in living:
        task.cancel()
    await asyncio.gather(*living, return_exceptions=True)
    return steps


async def _measure(people: int, processes: list[int], tally: Tally, seconds: float) -> Step:
    for measured in (tally.took, tally.arrived):
        measured.clear()

    def cpu_seconds() -> float:
        return sum(cpu_seconds_of(process) for process in processes)

    start, cpu, own = time.monotonic(), cpu_seconds(), time.process_time()
    late = []
    while (now := time.monotonic()) < start + seconds:
        await asyncio.sleep(PROBE_SECONDS)
        late.append(time.monotonic() - now - PROBE_SECONDS)
    duration = time.monotonic() - start
    took = sorted(tally.took)
    return Step(
        people,
        len(took) / duration,
        statistics.fmean(took or [0]) * 1000,
        _p99(took),
        _p99(sorted(tally.arrived)),
        (cpu_seconds() - cpu) / duration,
        (time.process_time() - own) / duration,
        statistics.fmean(late) * 1000,
        list(tally.failed),
    )


def _p99(ordered: list[float]) -> float:
    """In ms; 0 if nothing was measured."""
    return ordered[int(len(ordered) * 0.99)] * 1000 if ordered else 0


@contextmanager
def _one_core(most: int) -> Iterator[tuple[int, list[int], list[Account]]]:
    with _folder() as environment:
        accounts = in_new_process(environment, create_team, most)
        with on_one_core(parley_process(**environment)) as (address, pid):
            yield int(address.rpartition(":")[2]), [pid], accounts


@contextmanager
def _two_cores(most: int) -> Iterator[tuple[int, list[int], list[Account]]]:
    with ExitStack() as running:
        environment = running.enter_context(_folder())
        environment["DATABASE_URL"] = running.enter_context(servers.postgresql())
        environment["REDIS_URL"] = running.enter_context(servers.redis())
        accounts = in_new_process(environment, create_team, most)
        served = [running.enter_context(parley_process(**environment)) for _ in range(2)]
        ports = [int(address.rpartition(":")[2]) for address, _ in served]
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        folder = Path(environment["PARLEY_VAR"])
        running.enter_context(nginx.in_front_of(ports, port, folder, connections=8 * most + 100))
        yield port, [pid for _, pid in served], accounts


@contextmanager
def _folder() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        yield {"PARLEY_VAR": folder, "DJANGO_SETTINGS_MODULE": "bench.settings"}


WAYS_OF_SERVING = {"one-core": _one_core, "two-cores": _two_cores}

if __name__ == "__main__":
    main()
