"""Redis stops for a while under load: no request may fail, nobody be signed out, no message be lost.

Two server processes with PostgreSQL and Redis, which the tests' helpers start; people send messages and load
pages.

    python -m bench.outage --seconds 60
"""

import argparse
import asyncio
import os
import random
import socket
import time
from collections import Counter
from contextlib import ExitStack

from bench.installation import Served, serving
from bench.visitors import Listener, Visitor, summary
from tests import servers

PEOPLE = 30
REQUESTS_A_SECOND = 5  # of each kind
BEFORE_SECONDS, AFTER_SECONDS = 10, 15


class Part:
    """The measurements of one part of the run."""

    def __init__(self) -> None:
        self.lateness: list[float] = []
        self.sending: list[float] = []
        self.loading: list[float] = []
        self.failed: list[int] = []


async def some_load(served: Served, part: Part, seconds: float) -> None:
    """People send messages and load pages for this long. Every status but 200 and 204 counts as failed."""
    listeners = [Listener(served, cookie, part.lateness) for cookie in served.cookies]
    listening = [asyncio.ensure_future(one.listen()) for one in listeners]
    await asyncio.sleep(1)
    senders = [Visitor(served, cookie, part.sending, part.failed) for cookie in served.cookies[:10]]
    readers = [Visitor(served, cookie, part.loading, part.failed) for cookie in served.cookies[10:20]]
    under_way: list[asyncio.Future[object]] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        under_way.append(asyncio.ensure_future(random.choice(senders).send()))
        page = f"/conversations/{served.room}/"
        under_way.append(asyncio.ensure_future(random.choice(readers).load(page)))
        await asyncio.sleep(1 / REQUESTS_A_SECOND)
    await asyncio.gather(*under_way)
    await asyncio.sleep(6)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    expected = len(part.sending) * len(listeners)
    print(f"{len(part.lateness)} of {expected} arrived; failed: {dict(Counter(part.failed)) or 'none'}")
    print(summary("sent -> answered", part.sending))
    print(summary("loaded", part.loading))
    print(summary("sent -> in a stream", part.lateness), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--seconds", type=float, default=60, help="how long people send and load in the part without Redis"
    )
    options = parser.parse_args()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with ExitStack() as running, ExitStack() as redis:
        os.environ["DATABASE_URL"] = running.enter_context(servers.postgresql())
        os.environ["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
        redis.enter_context(servers.redis(port))
        served = running.enter_context(serving(PEOPLE, processes=2))

        async def run() -> None:
            print("With Redis:")
            await some_load(served, Part(), BEFORE_SECONDS)
            print("Redis stops:")
            stopping = asyncio.get_running_loop().call_later(3, redis.close)
            await some_load(served, Part(), options.seconds)
            stopping.cancel()
            redis.enter_context(servers.redis(port))
            print("Redis is back:")
            await some_load(served, Part(), AFTER_SECONDS)

        asyncio.run(run())


if __name__ == "__main__":
    main()
