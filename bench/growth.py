"""Whether a page costs more when the installation has a hundred times as many messages.

Two installations, which differ in how many messages, rooms and people there are besides what is measured, are
served at once and measured in turns. The ratio is that of the processor time for one response, with
PostgreSQL's own. The first workload reads no data at all: as far as its ratio differs from 1, that is noise.

    python -m bench.growth                    10 thousand and 1 million messages, on SQLite and PostgreSQL
    python -m bench.growth --large 10000000   10 million: some 4 GB of temporary files on each

Linux only.
"""

import argparse
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench import results
from bench.cores import on_one_core
from bench.installation import in_new_process
from bench.load import load
from bench.svg import Bar, bars
from bench.workloads import Place, Workload, growing, growing_uncached, prepare, sending, warm
from tests import servers
from tests.served.processes import parley_process

TARGET = 1.2
Server = tuple[str, int]  # address and process id


@dataclass
class Growth:
    """The processor time of one workload in ms, small and large, of each run."""

    small: list[float] = field(default_factory=list)
    large: list[float] = field(default_factory=list)

    def ratio(self) -> Bar:
        """The median, the lowest and the highest of all runs. (The clock may show 0 for very short runs.)"""
        ratios = [large / (small or large or 1) for small, large in zip(self.small, self.large, strict=True)]
        return Bar("", statistics.median(ratios), min(ratios), max(ratios))


@dataclass
class Installation:
    """One size, served twice: with caches and without.

    Attributes:
        database: the process id of PostgreSQL, or None.
    """

    cached: Server
    uncached: Server
    place: Place
    database: int | None

    def workloads(self) -> Iterator[tuple[Server, Workload]]:
        for workload in (*warm(self.cached[0], self.place), *growing(self.place)):
            yield self.cached, workload
        for workload in growing_uncached(self.place):
            yield self.uncached, workload
        yield self.cached, sending(self.place)


def main() -> None:
    options = _options()
    busy = results.how_busy()
    texts, plots = [], {}
    for database in options.databases:
        found = _grown(database, options)
        title = f"{database}: {options.small:,} → {options.large:,} messages"
        texts.append(f"{title}\n\n{_table(found)}")
        rows = [growth.ratio()._replace(name=name) for name, growth in found.items()]
        plots[f"growth-{database}"] = bars(f"Processor time, large / small; {title}", rows, TARGET)
    about = f"{options.runs} runs of {options.seconds:g} s, {options.clients} clients; {busy}"
    results.write(options.results, "growth", "\n\n".join([about, *texts]), plots)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--small", type=int, default=10_000, help="messages (%(default)s)")
    parser.add_argument("--large", type=int, default=1_000_000, help="messages (%(default)s)")
    known = ["sqlite", "postgresql"]
    parser.add_argument("--databases", nargs="+", choices=known, default=known)
    parser.add_argument("--messages", type=int, default=60, help="newest ones of the room (%(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="of each workload (%(default)s)")
    parser.add_argument("--seconds", type=float, default=1.5, help="of each run (%(default)s)")
    parser.add_argument("--clients", type=int, default=8, help="connections at once (%(default)s)")
    results.add_option(parser)
    return parser.parse_args()


def _grown(database: str, options: argparse.Namespace) -> dict[str, Growth]:
    with ExitStack() as running:
        small, large = (
            running.enter_context(_installed(database, size, options.messages))
            for size in (options.small, options.large)
        )
        return _measure(small, large, options)


@contextmanager
def _installed(database: str, earlier: int, messages: int) -> Iterator[Installation]:
    with ExitStack() as running:
        folder = running.enter_context(tempfile.TemporaryDirectory(prefix="parley-bench-"))
        environment = {"PARLEY_VAR": folder, "DJANGO_SETTINGS_MODULE": "bench.settings"}
        pid = None
        if database == "postgresql":
            environment["DATABASE_URL"] = running.enter_context(servers.postgresql())
            environment["REDIS_URL"] = running.enter_context(servers.redis())
            pid = _postmaster(environment["DATABASE_URL"])
        place = in_new_process(environment, prepare, messages, 10, earlier)
        cached = running.enter_context(_served(environment))
        no_caches = environment | {"DJANGO_SETTINGS_MODULE": "bench.uncached"}
        yield Installation(cached, running.enter_context(_served(no_caches)), place, pid)


def _postmaster(url: str) -> int:
    folder = url.partition("@/")[2].rpartition("/")[0]
    return int((Path("/") / folder / "data/postmaster.pid").read_text().split()[0])


@contextmanager
def _served(environment: dict[str, str]) -> Iterator[Server]:
    with on_one_core(parley_process(**environment)) as server:
        yield server


def _measure(small: Installation, large: Installation, options: argparse.Namespace) -> dict[str, Growth]:
    found: dict[str, Growth] = {}
    for run in range(-1, options.runs):  # the first one only fills the caches
        # Made anew for each run, since sending changes the ETag of the list.
        for (small_server, workload), (large_server, same) in zip(
            small.workloads(), large.workloads(), strict=True
        ):
            growth = found.setdefault(workload.name, Growth())
            turns = [
                (small_server, workload, small.database, growth.small),
                (large_server, same, large.database, growth.large),
            ]
            for server, requests, database, costs in turns[:: -1 if run % 2 else 1]:
                seconds = min(options.seconds, 0.5) if run < 0 else options.seconds
                cost = load(server, requests, options.clients, seconds, database).cpu_ms
                if run >= 0:
                    costs.append(cost)
    return found


def _table(found: dict[str, Growth]) -> str:
    lines = ["| | small ms | large ms | ratio | from – to |", "|---|---:|---:|---:|---:|"]
    for name, growth in found.items():
        _, ratio, low, high = growth.ratio()
        times = f"{statistics.median(growth.small):.2f} | {statistics.median(growth.large):.2f}"
        lines.append(f"| {name} | {times} | {ratio:.2f} | {low:.2f} – {high:.2f} |")
    above = [name for name, growth in found.items() if growth.ratio().value > TARGET]
    lines.append(f"\nMore than {TARGET}: {', '.join(above) or 'none'}.")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
