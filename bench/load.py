"""A load generator: some open connections, each of which sends a request as soon as it has a response."""

import asyncio
import statistics
from dataclasses import dataclass
from time import perf_counter

from bench.installation import cpu_seconds_of, cpu_seconds_with_children
from bench.workloads import Workload


@dataclass
class Measured:
    """The result of a run: how many responses, how many a second, their cost and their latencies.

    All times are in milliseconds. `cpu_ms` is the processor time of the server for one response, which
    depends little on other programs.
    """

    count: int
    rate: float
    cpu_ms: float
    p50: float
    p99: float

    @classmethod
    def median(cls, runs: "list[Measured]") -> "Measured":
        """The run with the median of `cpu_ms`."""
        return sorted(runs, key=lambda run: run.cpu_ms)[len(runs) // 2]


def load(
    server: tuple[str, int], workload: Workload, clients: int, seconds: float, database: int | None = None
) -> Measured:
    """Send requests to a server for some seconds.

    Args:
        server: its address and its process id.
        workload: the requests, and what their responses must be.
        clients: the number of connections.
        seconds: how long.
        database: the process id of PostgreSQL, if its processor time should be counted with the server's.

    Raises:
        RuntimeError: a response was another one.
    """
    address, process = server

    def cpu_seconds() -> float:
        return cpu_seconds_of(process) + (cpu_seconds_with_children(database) if database else 0)

    start, cpu_before = perf_counter(), cpu_seconds()
    times = asyncio.run(_load(address, workload, clients, start + seconds))
    duration, cpu = perf_counter() - start, cpu_seconds() - cpu_before
    cuts = statistics.quantiles(times, n=100)
    count = len(times)
    return Measured(count, count / duration, cpu / count * 1000, cuts[49] * 1000, cuts[98] * 1000)


async def _load(address: str, workload: Workload, clients: int, until: float) -> list[float]:
    host, _, port = address.partition(":")
    running = (_client(host, int(port), workload, until) for _ in range(clients))
    return [time for times in await asyncio.gather(*running) for time in times]


async def _client(host: str, port: int, workload: Workload, until: float) -> list[float]:
    reader, writer = await asyncio.open_connection(host, port, limit=2**20)
    times: list[float] = []
    while (start := perf_counter()) < until or not times:  # at least once, on a busy machine too
        writer.write(workload.next_request())
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(_length(head))
        times.append(perf_counter() - start)
        status = int(head[9:12])
        if status != workload.status or workload.contains not in body:
            raise RuntimeError(f"{workload.name}: {status} {body[:300]!r}")
    writer.close()
    await writer.wait_closed()
    return times


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0  # a 304 has none
