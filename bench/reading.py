"""A busy room whose readers all mark the messages as read.

Measures how long a message takes until it is in the streams of the others, and how long each request takes.

    python -m bench.reading --readers 100 --rate 20 --seconds 30
"""

import argparse
import asyncio
import random
import time

from bench.installation import Served, cpu_seconds_of, serving
from bench.visitors import Listener, Visitor, summary


async def read_every(seconds: float, listener: Listener, visitor: Visitor, path: str) -> None:
    """Report what was seen every few seconds, as a page does.

    The interval is random, so that the pages do not all report at the same moment.
    """
    while True:
        await listener.received.wait()
        await asyncio.sleep(seconds * random.uniform(0.4, 1.6))
        listener.received.clear()
        ids = " ".join(map(str, listener.rows))
        listener.rows.clear()
        await visitor.post(path, ids=ids, live="")


async def measure(served: Served, rate: float, seconds: float, every: float) -> list[str]:
    lateness: list[float] = []
    sending: list[float] = []
    reading: list[float] = []
    failed: list[int] = []
    path = f"/conversations/{served.room}/seen/"
    tasks = []
    for cookie in served.cookies:
        listener = Listener(served, cookie, lateness)
        reader = Visitor(served, cookie, reading, failed)
        tasks.append(asyncio.ensure_future(listener.listen()))
        await asyncio.sleep(0.01)
        tasks.append(asyncio.ensure_future(read_every(every, listener, reader, path)))
    senders = [Visitor(served, cookie, sending, failed) for cookie in served.cookies[:10]]
    start, cpu = time.monotonic(), cpu_seconds_of(served.pid)
    under_way = []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0, start + number / rate - time.monotonic()))
        sender = senders[number % len(senders)]
        under_way.append(asyncio.ensure_future(sender.send()))
    await asyncio.gather(*under_way)
    used = (cpu_seconds_of(served.pid) - cpu) / (time.monotonic() - start)
    await asyncio.sleep(1)
    for task in tasks:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    broken = [repr(one) for one in ended if not isinstance(one, asyncio.CancelledError)]
    return [
        *broken,
        summary("sent -> in a stream", lateness),
        summary("sent -> answered", sending),
        summary("marked as read -> answered", reading),
        f"{len(lateness)} of {int(rate * seconds) * len(served.cookies)} arrived, {len(failed)} failed",
        f"{used:.0%} of a core",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=100)
    parser.add_argument("--rate", type=float, default=20, help="messages a second (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument(
        "--every", type=float, help="seconds between two marks (default: the page's, static/js/seen.js)"
    )
    options = parser.parse_args()
    every = options.every or min(max(3, options.readers / 20), 10)
    with serving(people=options.readers) as served:
        lines = asyncio.run(measure(served, options.rate, options.seconds, every))
    print(
        f"{options.readers} readers, {options.rate:g} messages a second, {options.seconds:g} s, "
        f"marked every {every:g} s"
    )
    print("\n".join(lines))


if __name__ == "__main__":
    main()
