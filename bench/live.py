"""How fast a message gets from its commit to every open stream of a room, and what it costs.

Beside Parley, nginx with its module nchan is measured, where it is installed (on Debian: libnginx-mod-nchan),
and a server that does nothing else than pass on bytes. The last shows that the generator can receive more
than it has to. Neither of the two stores anything: Parley's figures include the requests, the transactions
with a notification for everybody in the room, and everybody's badges. Each server has one process, on a core
of its own if there are two. Machines differ and may be busy, so compare the processor time. Linux only.

    python -m bench.live --streams 2000 --rate 5 --seconds 20
"""

import argparse
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from bench.cores import allow_open_files, on_one_core
from bench.generator import Generator
from bench.installation import cpu_seconds_of, memory_of
from bench.live_servers import MODULE, StreamServer, bare, nchan, parley
from tests.nginx import find

LATE_SECONDS = 2
WAITING = 4, 64  # messages that have been published and are not in all streams yet


@dataclass
class Steady:
    """Messages at a given rate: milliseconds from the commit to a stream, and how many were late or lost."""

    p50: float
    p99: float
    late: int


@dataclass
class Most:
    """As many messages as possible: deliveries a second, the server's processor time for each in
    microseconds, and the share of a core that the generator used."""

    rate: float
    cpu: float
    generator: float


@dataclass
class Measured:
    """All figures of a server.

    `size` is the bytes that a delivery takes, `cpu_ms` the server's processor time for a message at the
    steady rate, `memory` the KB of a stream.
    """

    steady: Steady
    cpu_ms: float
    most: list[Most]
    memory: float
    size: float


def measure(server: StreamServer, rate: float, seconds: float) -> Measured:
    generator = Generator(server.port)
    try:
        before = memory_of(server.pid)
        generator.open(server.stream_requests)
        memory = (memory_of(server.pid) - before) * 1024 / generator.streams
        publish(generator, server, messages=3, rate=3)  # warm-up
        first = len(generator.published)
        cpu, received = cpu_seconds_of(server.pid), generator.received_bytes
        count = max(int(rate * seconds), 1)
        publish(generator, server, count, rate)
        cpu_ms = (cpu_seconds_of(server.pid) - cpu) * 1000 / count
        size = (generator.received_bytes - received) / count / generator.streams
        last = len(generator.published)
        most = [run_most(generator, server, waiting, seconds / 2) for waiting in WAITING]
        times = server.times(generator)
        chosen = sorted(times)[first:last]
        found = steady({pk: times[pk] for pk in chosen}, generator.arrivals, generator.streams)
        return Measured(found, cpu_ms, most, memory, size)
    finally:
        generator.close()


def publish(generator: Generator, server: StreamServer, messages: int, rate: float) -> None:
    """Publish so many messages a second, and receive until all have arrived."""
    expected = generator.deliveries + messages * generator.streams
    start = time.monotonic()
    for number in range(messages):
        generator.receive_for(start + number / rate - time.monotonic())
        generator.publish(server.next_publication())
    generator.receive_until(lambda: generator.deliveries >= expected)


def run_most(generator: Generator, server: StreamServer, waiting: int, seconds: float) -> Most:
    """Publish whenever fewer than `waiting` messages are on their way; receive until all have arrived."""
    first, before = len(generator.published), generator.deliveries
    start, own, cpu = time.monotonic(), time.process_time(), cpu_seconds_of(server.pid)

    def on_their_way() -> int:
        arrived = (generator.deliveries - before) // generator.streams
        return len(generator.published) - first - arrived

    while time.monotonic() < start + seconds:
        generator.receive_until(lambda: on_their_way() < waiting)
        generator.publish(server.next_publication())
    generator.receive_until(lambda: on_their_way() == 0)
    duration, count = time.monotonic() - start, generator.deliveries - before
    used = cpu_seconds_of(server.pid) - cpu
    return Most(count / duration, used / count * 1e6, (time.process_time() - own) / duration)


def steady(times: dict[int, int], arrivals: dict[int, list[int]], streams: int) -> Steady:
    """The delays of these messages.

    Args:
        times: when each was committed, in nanoseconds.
        arrivals: when each arrived at the streams.
        streams: how many should have received each.
    """
    delays = sorted(arrived - times[pk] for pk in times for arrived in arrivals.get(pk, ()))
    if not delays:
        return Steady(0, 0, len(times) * streams)
    in_time = sum(delay <= LATE_SECONDS * 1e9 for delay in delays)
    p50, p99 = (delays[int(len(delays) * share)] / 1e6 for share in (0.5, 0.99))
    return Steady(p50, p99, len(times) * streams - in_time)


def main() -> None:
    options = _options()
    allow_open_files(options.streams + 1000)
    found = {"Parley": _measured(parley(options.streams), options)}
    size = round(found["Parley"].size)
    program = find()
    if program and options.nchan.exists():
        found["nginx-nchan"] = _measured(nchan(options.streams, options.nchan, program, size), options)
    else:
        print(f"nginx or {options.nchan} is missing: without a comparison with nchan.\n")
    found["bare"] = _measured(bare(options.streams, size), options)
    _print(found, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--streams", type=int, default=2000, help="five for each person (%(default)s)")
    parser.add_argument("--rate", type=float, default=5, help="messages a second (%(default)s)")
    parser.add_argument("--seconds", type=float, default=20, help="of the steady rate (%(default)s)")
    parser.add_argument("--nchan", type=Path, default=MODULE, help="nginx's module (%(default)s)")
    return parser.parse_args()


def _measured(serving: AbstractContextManager[StreamServer], options: argparse.Namespace) -> Measured:
    with on_one_core(serving) as server:
        return measure(server, options.rate, options.seconds)


def _print(found: dict[str, Measured], options: argparse.Namespace) -> None:
    print(f"{options.streams} streams, {options.rate:g} messages a second, {options.seconds:g} s\n")
    most = " | ".join(f"{waiting} waiting: deliveries/s | CPU µs each | generator" for waiting in WAITING)
    print(f"| | p50 ms | p99 ms | late | CPU ms a message | {most} | KB a stream | bytes a delivery |")
    print("|---|" + "---:|" * 12)
    for name, one in found.items():
        runs = " | ".join(f"{run.rate:,.0f} | {run.cpu:.1f} | {run.generator:.0%}" for run in one.most)
        times = f"{one.steady.p50:.0f} | {one.steady.p99:.0f} | {one.steady.late} | {one.cpu_ms:.1f}"
        print(f"| {name} | {times} | {runs} | {one.memory:.1f} | {one.size:,.0f} |")


if __name__ == "__main__":
    main()
