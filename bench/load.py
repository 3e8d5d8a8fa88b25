"""Keeps a server busy: some connections that stay open, each asking again as soon as it is answered."""

import asyncio
import os
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

Ask = Callable[[], bytes]  # the next request, as it goes over the wire


@dataclass
class Measured:
    """Answers a second; the server's own work for each; and what half of them, and 99 of 100, took at most.

    All times are milliseconds. The work is processor time: it depends little on what else the machine does.
    """

    rate: float
    work: float
    p50: float
    p99: float

    @classmethod
    def median(cls, runs: "list[Measured]") -> "Measured":
        """The run with the middle work."""
        return sorted(runs, key=lambda run: run.work)[len(runs) // 2]


def load(server: tuple[str, int], ask: Ask, status: int, clients: int, seconds: float) -> Measured:
    """Ask a server for some seconds: its address, and the number of its process.

    Raises:
        RuntimeError: an answer had another status.
    """
    address, process = server
    begun, worked = perf_counter(), _work(process)
    taken = asyncio.run(_load(address, ask, status, clients, begun + seconds))
    duration, work = perf_counter() - begun, _work(process) - worked
    cuts = statistics.quantiles(taken, n=100)
    return Measured(len(taken) / duration, work / len(taken) * 1000, cuts[49] * 1000, cuts[98] * 1000)


def _work(process: int) -> float:
    """How many seconds of a processor a process has had."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _load(address: str, ask: Ask, status: int, clients: int, until: float) -> list[float]:
    host, _, port = address.partition(":")
    taken = await asyncio.gather(*(_client(host, int(port), ask, status, until) for _ in range(clients)))
    return [one for some in taken for one in some]


async def _client(host: str, port: int, ask: Ask, status: int, until: float) -> list[float]:
    reader, writer = await asyncio.open_connection(host, port)
    taken: list[float] = []
    while (begun := perf_counter()) < until:
        writer.write(ask())
        head = await reader.readuntil(b"\r\n\r\n")
        if int(head[9:12]) != status:
            raise RuntimeError(f"Answered {head[9:12].decode()}, not {status}.")
        await reader.readexactly(_length(head))
        taken.append(perf_counter() - begun)
    writer.close()
    await writer.wait_closed()
    return taken


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0  # a 304 has none
