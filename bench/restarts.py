"""Three processes behind nginx are restarted one after the other, while people write. What fails or is late?

Each process gets SIGTERM, and the next one is only restarted when `/ready` of its successor says 200, as
deploy/parley-restart does it. Needs nginx. Ends with 1 if a request failed or a message was late.

    python -m bench.restarts --rounds 10
"""

import argparse
import asyncio
import os
import random
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from bench.following import Follower
from bench.installation import ROOT, Served, create_people, empty_installation
from bench.visitors import Visitor, summary
from tests import nginx, servers

PROCESSES = 3
START_SECONDS = 300  # on a busy machine
LATE_SECONDS = 5.0
REST_SECONDS = 1.0  # before and after the restarts
SETTLED_SECONDS = 180.0  # how long the last message may take to arrive, on a busy machine


class Process:
    """A server process as in deploy/parley@.service, on a port of its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        command = [sys.executable, "manage.py", "serve", "--pages-only", "--port", str(self.port)]
        self._process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
        end = time.monotonic() + START_SECONDS
        while not await self._is_ready():
            if self._process.returncode is not None or time.monotonic() > end:
                raise RuntimeError("The server did not start.")
            await asyncio.sleep(0.1)

    async def stop(self) -> None:
        """SIGTERM, and wait until it has ended."""
        if self._process and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()

    async def _is_ready(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(b"GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            answer = await reader.read()
            writer.close()
        except OSError:
            return False
        return answer.startswith(b"HTTP/1.1 200")


class Team:
    """People who write and load pages, each with an open page."""

    def __init__(self, served: Served) -> None:
        self.failed: list[int] = []
        self.times: list[float] = []  # of all requests, in seconds
        self.sent = 0
        self._people = [Visitor(served, cookie, self.times, self.failed) for cookie in served.cookies]
        self.followers = [Follower(served, cookie, self.failed) for cookie in served.cookies]
        self._page = f"/conversations/{served.room}/"
        self._is_over = False

    @asynccontextmanager
    async def at_work(self, rate: float) -> AsyncIterator[None]:
        """They send so many messages a second, and load a page for each fifth, until the block ends."""
        following = []
        for person, follower in zip(self._people, self.followers, strict=True):
            page = await person.load(self._page, is_part=False)
            following.append(asyncio.ensure_future(follower.follow(page)))
        for follower, task in zip(self.followers, following, strict=True):
            opened = asyncio.ensure_future(follower.is_open.wait())
            await asyncio.wait([opened, task], return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                task.result()  # raises what went wrong
        writing = asyncio.ensure_future(self._write(rate))
        try:
            yield
            self._is_over = True
            await writing
            end = time.monotonic() + SETTLED_SECONDS
            while time.monotonic() < end and any(len(one.arrived) < self.sent for one in self.followers):
                await asyncio.sleep(0.1)
        finally:
            for task in [writing, *following]:
                task.cancel()
            ended = await asyncio.gather(writing, *following, return_exceptions=True)
        if broken := [one for one in ended if isinstance(one, Exception)]:
            raise broken[0]

    async def _write(self, rate: float) -> None:
        idle: asyncio.Queue[Visitor] = asyncio.Queue()
        for person in random.sample(self._people, len(self._people)):
            idle.put_nowait(person)

        async def act(person: Visitor, is_load: bool) -> None:
            await person.send()
            if is_load:
                await person.load(self._page)
            idle.put_nowait(person)

        under_way: list[asyncio.Future[None]] = []
        while not self._is_over:
            person = await idle.get()  # on a slow machine they send less
            self.sent += 1
            under_way.append(asyncio.ensure_future(act(person, is_load=self.sent % 5 == 0)))
            await asyncio.sleep(1 / rate)
        await asyncio.gather(*under_way)


async def restart_all(processes: list[Process]) -> None:
    for process in processes:
        await process.stop()
        await process.start()


async def measure(
    served: Served, processes: list[Process], rounds: int, rate: float, any_lateness: bool
) -> bool:
    """Print what was measured. Returns whether nothing failed, or was late unless that is allowed."""
    await asyncio.gather(*(process.start() for process in processes))
    team = Team(served)
    try:
        start = time.monotonic()
        async with team.at_work(rate):
            await asyncio.sleep(REST_SECONDS)
            for _ in range(rounds):
                await restart_all(processes)
            await asyncio.sleep(REST_SECONDS)
        print(f"{rounds * len(processes)} restarts in {time.monotonic() - start:.0f} s")
    finally:
        await asyncio.gather(*(process.stop() for process in processes))
    lateness = [(at - sent) / 1e9 for one in team.followers for sent, at in one.arrived.items()]
    missing = team.sent * len(team.followers) - len(lateness)
    late = sum(seconds > LATE_SECONDS for seconds in lateness)
    resets = sum(one.resets for one in team.followers)
    opened = sum(one.opened for one in team.followers) - len(team.followers)
    print(summary("sent -> in a stream", lateness))
    print(summary("requests", team.times))
    print(
        f"{team.sent} messages to {len(team.followers)} pages, whose streams were opened again {opened} times"
    )
    print(f"{len(team.failed)} failed: {dict(Counter(team.failed)) or 'none'}")
    print(f"{late} late by more than {LATE_SECONDS:.0f} s, {missing} missing, {resets} resets")
    return not (team.failed or missing or resets or (late and not any_lateness))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=10, help="how often all processes are restarted")
    parser.add_argument("--people", type=int, default=30, help="how many have a page open")
    parser.add_argument("--rate", type=float, default=20, help="messages a second")
    parser.add_argument(
        "--any-lateness", action="store_true", help="for a machine that does other things too"
    )
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the processes are stopped in any case
    with ExitStack() as running:
        os.environ["DATABASE_URL"] = running.enter_context(servers.postgresql())
        os.environ["REDIS_URL"] = running.enter_context(servers.redis())
        running.enter_context(empty_installation())
        room, cookies = create_people(options.people)
        port, *ports = (_free_port() for _ in range(1 + PROCESSES))
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        running.enter_context(nginx.in_front_of(ports, port, folder))
        served = Served(port, room, cookies, pid=os.getpid())
        processes = [Process(one) for one in ports]
        is_well = asyncio.run(measure(served, processes, options.rounds, options.rate, options.any_lateness))
    sys.exit(not is_well)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


if __name__ == "__main__":
    main()
