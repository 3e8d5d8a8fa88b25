"""A load generator: some open connections, each of which sends a request as soon as it has a response."""

import asyncio
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from bench.installation import cpu_seconds_of

NextRequest = Callable[[], bytes]  # returns the bytes of the next HTTP request


@dataclass
class Measured:
    """The result of a run: responses per second, processor time of the server per response, and latencies.

    All times are in milliseconds. `cpu_ms` is the processor time, which depends little on other programs.
    """

    rate: float
    cpu_ms: float
    p50: float
    p99: float

    @classmethod
    def median(cls, runs: "list[Measured]") -> "Measured":
        """The run with the median of `cpu_ms`."""
        return sorted(runs, key=lambda run: run.cpu_ms)[len(runs) // 2]


def load(
    server: tuple[str, int], next_request: NextRequest, status: int, clients: int, seconds: float
) -> Measured:
    """Send requests to a server for some seconds.

    Args:
        server: its address and its process id.
        next_request: returns the requests.
        status: that every response must have.
        clients: the number of connections.
        seconds: how long.

    Raises:
        RuntimeError: a response had another status.
    """
    address, process = server
    start, cpu_before = perf_counter(), cpu_seconds_of(process)
    times = asyncio.run(_load(address, next_request, status, clients, start + seconds))
    duration, cpu = perf_counter() - start, cpu_seconds_of(process) - cpu_before
    cuts = statistics.quantiles(times, n=100)
    return Measured(len(times) / duration, cpu / len(times) * 1000, cuts[49] * 1000, cuts[98] * 1000)


async def _load(
    address: str, next_request: NextRequest, status: int, clients: int, until: float
) -> list[float]:
    host, _, port = address.partition(":")
    running = (_client(host, int(port), next_request, status, until) for _ in range(clients))
    return [time for times in await asyncio.gather(*running) for time in times]


async def _client(host: str, port: int, next_request: NextRequest, status: int, until: float) -> list[float]:
    reader, writer = await asyncio.open_connection(host, port)
    times: list[float] = []
    while (start := perf_counter()) < until:
        writer.write(next_request())
        head = await reader.readuntil(b"\r\n\r\n")
        if int(head[9:12]) != status:
            raise RuntimeError(f"The status was {head[9:12].decode()}, not {status}.")
        await reader.readexactly(_length(head))
        times.append(perf_counter() - start)
    writer.close()
    await writer.wait_closed()
    return times


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0  # a 304 has none
