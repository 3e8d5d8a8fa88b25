"""People upload a gigabyte at once while others chat.

Measures how long each message takes until it is answered, and until it is in the stream of a reader: first
without uploads, then beside them; and the largest memory of the server. Linux only.

    python -m bench.uploads
"""

import argparse
import asyncio
import time
from itertools import count
from pathlib import Path

from bench.connection import Connection
from bench.installation import Served, serving
from bench.visitors import TOKEN, Listener, Visitor, summary

MEGABYTE = 2**20
CHUNK = bytes(range(256)) * 256  # of no type that is looked into
BOUNDARY = "parley-bench"
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="data.bin"\r\n'
    "Content-Type: application/octet-stream\r\n\r\n"
).encode()
FOOT = f"\r\n--{BOUNDARY}--\r\n".encode()


async def upload(served: Served, person: int, size: int) -> int:
    """Upload one file of so many bytes, as the page's script does. Each person has an address of their own,
    since the server holds 256 MB of one. Returns the status of the response."""
    lines = [
        "POST /files/ HTTP/1.1",
        f"Host: 127.0.0.1:{served.port}",
        f"Cookie: {served.cookies[person]}; parley_csrf={TOKEN}",
        f"X-CSRFToken: {TOKEN}",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        f"Content-Length: {len(HEAD) + size + len(FOOT)}",
    ]
    connection = Connection(served.port, f"127.0.1.{person}")
    head = "\r\n".join([*lines, "", ""]).encode() + HEAD
    response = await connection.exchange(head, *[CHUNK] * (size // len(CHUNK)), FOOT)
    connection.close()
    return response.status


async def chat(served: Served, rate: float, until: asyncio.Event, seconds: float) -> list[str]:
    """Send messages at this rate for so many seconds, and then until the event."""
    sending: list[float] = []
    lateness: list[float] = []
    failed: list[int] = []
    reading = asyncio.ensure_future(Listener(served, served.cookies[0], lateness).listen())
    await asyncio.sleep(1)
    senders = [Visitor(served, cookie, sending, failed) for cookie in served.cookies[:10]]
    start, under_way = time.monotonic(), []
    for number in count():
        if time.monotonic() - start > seconds and until.is_set():
            break
        await asyncio.sleep(max(0, start + number / rate - time.monotonic()))
        under_way.append(asyncio.ensure_future(senders[number % len(senders)].send()))
    await asyncio.gather(*under_way)
    await asyncio.sleep(1)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    return [
        summary("sent -> answered", sending),
        summary("sent -> in a stream", lateness),
        f"{len(failed)} failed",
    ]


async def measure(served: Served, options: argparse.Namespace) -> list[str]:
    nothing = asyncio.Event()
    nothing.set()
    lines = ["Without uploads:", *await chat(served, options.rate, nothing, options.seconds)]
    Path(f"/proc/{served.pid}/clear_refs").write_text("5")  # the peak begins anew
    before = _memory(served.pid, "VmRSS")
    places, done = asyncio.Semaphore(options.at_once), asyncio.Event()
    size = options.file_mb * MEGABYTE

    async def one(number: int) -> int:
        async with places:
            return await upload(served, 10 + number % options.at_once, size)

    chatting = asyncio.ensure_future(chat(served, options.rate, done, 0))
    start = time.monotonic()
    statuses = await asyncio.gather(*map(one, range(options.total_mb // options.file_mb)))
    took = time.monotonic() - start
    done.set()
    return [
        *lines,
        f"Beside {len(statuses)} uploads of {options.file_mb} MB, {options.at_once} at once: {took:.0f} s",
        *await chatting,
        f"{sum(status != 200 for status in statuses)} uploads failed",
        f"memory of the server: {before:.0f} MB before, {_memory(served.pid, 'VmHWM'):.0f} MB at most",
    ]


def _memory(pid: int, name: str) -> float:
    """In MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith(name)).split()[1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rate", type=float, default=5, help="messages a second (%(default)s)")
    parser.add_argument("--seconds", type=float, default=20, help="without uploads (%(default)s)")
    parser.add_argument("--total-mb", type=int, default=1000)
    parser.add_argument("--file-mb", type=int, default=40)
    parser.add_argument("--at-once", type=int, default=8)
    options = parser.parse_args()
    with serving(people=10 + options.at_once) as served:
        print("\n".join(asyncio.run(measure(served, options))))


if __name__ == "__main__":
    main()
