"""What each kind of request costs one process, and how many it answers: `python -m bench.pages --help`.

The server gets a core of its own if there are two. It uses DATABASE_URL and REDIS_URL if they are set. That
database must be empty, because the benchmark writes to it. Otherwise it uses SQLite and a cache in memory.
Each response is checked, and every message that the server acknowledged must be in the database at the end.
Machines differ, so compare the ratios, which are of the server's processor time. Linux only.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator

from bench import results
from bench.cores import on_one_core
from bench.load import Measured, load
from bench.svg import Bar, bars
from bench.workloads import Place, Workload, messages_in, prepare, sending, uncached, warm
from tests.served.processes import parley_process

KEPT = "DATABASE_URL", "REDIS_URL"


def main() -> None:
    options = _options()
    busy = results.how_busy()
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        environment = {"PARLEY_VAR": folder, "DJANGO_SETTINGS_MODULE": "bench.settings"}
        os.environ |= environment
        environment |= {name: os.environ[name] for name in KEPT if name in os.environ}
        place = prepare(options.messages, options.members)
        found: dict[str, list[Measured]] = {}
        for _ in range(options.runs):
            for name, measured in _measure(environment, place, options):
                found.setdefault(name, []).append(measured)
    about = (
        f"{options.clients} clients, {options.messages} messages, {options.members} members, "
        f"{options.runs} runs of {options.seconds:g} s; {busy}"
    )
    results.write(options.results, "pages", _table(found, about), {"pages": _plot(found)})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--clients", type=int, default=16, help="connections at once (%(default)s)")
    parser.add_argument(
        "--seconds", type=float, default=4, help="how long each case is measured (%(default)s)"
    )
    runs_help = "how often each case is measured; the run with the median CPU time is printed (%(default)s)"
    parser.add_argument("--runs", type=int, default=3, help=runs_help)
    parser.add_argument("--messages", type=int, default=60, help="in the room, without replies (%(default)s)")
    parser.add_argument("--members", type=int, default=10, help="of the room (%(default)s)")
    results.add_option(parser)
    return parser.parse_args()


def _measure(
    environment: dict[str, str], place: Place, options: argparse.Namespace
) -> Iterator[tuple[str, Measured]]:
    def measured(server: tuple[str, int], workload: Workload) -> tuple[str, Measured]:
        load(server, workload, options.clients, seconds=min(0.5, options.seconds))  # warm-up
        return workload.name, load(server, workload, options.clients, options.seconds)

    with on_one_core(parley_process(**environment | {"DJANGO_SETTINGS_MODULE": "bench.uncached"})) as server:
        for workload in uncached(place):
            yield measured(server, workload)
    with on_one_core(parley_process(**environment)) as server:
        for workload in warm(server[0], place):
            yield measured(server, workload)
        before = messages_in(place.room)
        send = sending(place)
        runs = [load(server, send, options.clients, seconds) for seconds in (0.5, options.seconds)]
        if messages_in(place.room) - before != sum(run.count for run in runs):
            raise RuntimeError("The database does not hold exactly the messages that were acknowledged.")
        yield send.name, runs[1]


def _table(found: dict[str, list[Measured]], about: str) -> str:
    lines = [
        f"{about}\n",
        "| | ratio | CPU ms | from – to | requests/s | p50 ms | p99 ms |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    base = Measured.median(next(iter(found.values()))).cpu_ms
    for name, runs in found.items():
        run = Measured.median(runs)
        costs = sorted(one.cpu_ms for one in runs)
        times = f"{costs[0]:.2f} – {costs[-1]:.2f} | {run.rate:.0f} | {run.p50:.0f} | {run.p99:.0f}"
        lines.append(f"| {name} | {base / run.cpu_ms:.1f} | {run.cpu_ms:.2f} | {times} |")
    return "\n".join(lines)


def _plot(found: dict[str, list[Measured]]) -> str:
    costs = {name: sorted(run.cpu_ms for run in runs) for name, runs in found.items()}
    rows = [Bar(name, times[len(times) // 2], times[0], times[-1]) for name, times in costs.items()]
    return bars("Processor time of the server for one response, ms", rows)


if __name__ == "__main__":
    main()
