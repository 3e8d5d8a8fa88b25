"""A member of a team: opens conversations, scrolls, reads and writes as often as Mattermost's users do.

The acts and how often each happens are those of Mattermost's load test (the "simulcontroller" of
mattermost-load-test-ng): 20 seconds on average between two acts. What is rarer than one act in a hundred is
left out. What the page's own scripts request is requested too: each page opens its stream, reports what
was seen, and asks for unread threads when their number changes; typing is reported.
"""

import asyncio
import json
import random
import re
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

import brotli

from bench.connection import Connection
from bench.http_requests import PARTIAL, form, request

SHORTEST_SECONDS = 1  # between two acts; the longest pause is such that the average is as given
REPLIES = 0.85  # of the messages that are sent
TEXT = "words that somebody wrote to the others " * 4
# For each message that is sent, how often the others happen.
ACTS = {
    "open_room": 6.5219,  # SwitchChannel
    "open_direct": 0.9843,  # OpenDirectOrGroupChannel
    "scroll": 1.9873,
    "list_unread": 1.0,  # UnreadCheck
    "write": 1.0,  # CreatePost
    "list_threads": 0.6023,  # ViewGlobalThreads
    "open_thread": 0.2841 + 0.3236,  # ViewThread, UpdateThreadRead
    "follow_link": 0.3,  # ClickPermalink
    "reconnect": 0.144,  # ReconnectWebSocket
}
ROW = re.compile(
    rb'<div class="row[^"]*" id="[mt]-(\d+)"[^>]*>\s*<article[^>]*data-author="(\d*)" data-seq="(\d+)"'
)
CURSOR = re.compile(rb'data-cursor="([^"]+)"')
FIRST_UNREAD = re.compile(rb'data-first-unread="(\d+)"')
MEMBERS = re.compile(rb'data-members="(\d+)"')
LATEST_CURSOR = re.compile(rb"(?:.*\n)?id: (\S+)\n", re.DOTALL)
BADGES = re.compile(rb"event: badges\s+data: (.*)")
STAMP = re.compile(rb"sent (\d+)\.")


@dataclass
class Account:
    """Somebody who is signed in: their id, their cookies, and the ids of their conversations."""

    pk: int
    cookies: dict[str, str]
    rooms: list[int]
    direct: list[int]


@dataclass
class Tally:
    """What was measured, in seconds: of responses, and from sending until a message is in somebody's stream.

    `failed` contains what went wrong: the act and the status, or the exception.
    """

    took: list[float] = field(default_factory=list)
    arrived: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


class Member:
    """Acts until the task of `live()` is cancelled."""

    def __init__(self, port: int, account: Account, tally: Tally, pause: float) -> None:
        self._port, self._account, self._tally, self._pause = port, account, tally, pause
        self._connection, self._lock = Connection(port), asyncio.Lock()
        self._conversation = 0
        self._cursor = ""
        self._roots: list[tuple[int, int]] = []  # id and number in the conversation, of what the page shows
        self._unseen: set[int] = set()
        self._replies: int | None = None
        self._opened_at, self._arrived = 0, set[int]()  # ns; when each message that arrived was sent
        self._report_seconds = 3.0
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def live(self) -> None:
        try:
            await asyncio.sleep(random.uniform(0, self._pause))
            await self.open_room()
            while True:
                await asyncio.sleep(random.uniform(SHORTEST_SECONDS, 2 * self._pause - SHORTEST_SECONDS))
                await getattr(self, random.choices(list(ACTS), list(ACTS.values()))[0])()
        finally:
            for task in self._tasks.values():
                task.cancel()
            self._connection.close()

    async def open_room(self) -> None:
        self._conversation = random.choice(self._account.rooms)
        await self._open(self._page)

    async def open_direct(self) -> None:
        self._conversation = random.choice(self._account.direct)
        await self._open(self._page)

    async def follow_link(self) -> None:
        """To a message, in the middle of what was shown."""
        if self._roots:
            await self._open(f"{self._page}?around={random.choice(self._roots)[1]}")

    async def reconnect(self) -> None:
        self._start("stream", self._listen())

    async def scroll(self) -> None:
        if self._roots:
            await self._get(f"{self._page}messages/?before={self._roots[0][1]}", is_part=True)

    async def list_unread(self) -> None:
        await self._get("/inbox/")

    async def list_threads(self) -> None:
        await self._get("/inbox/?show=threads")

    async def open_thread(self) -> None:
        if self._roots:
            body = await self._get(f"/messages/{random.choice(self._roots)[0]}/thread/", is_part=True)
            if others := self._by_others(body):
                await self._post(f"{self._page}seen/", ids=" ".join(map(str, others)))

    async def write(self) -> None:
        is_reply = self._roots and random.random() < REPLIES
        root = random.choice(self._roots)[0] if is_reply else ""
        await self._post(f"{self._page}typing/", thread=root)
        fields = {"content": f"sent {time.monotonic_ns()}. {TEXT}", "client_id": uuid4()}
        await self._post(f"/messages/{root}/reply/" if is_reply else f"{self._page}send/", **fields)

    @property
    def _page(self) -> str:
        return f"/conversations/{self._conversation}/"

    async def _open(self, path: str) -> None:
        """Load a page, open its stream, and report what is unread in it."""
        self._opened_at, self._arrived = time.monotonic_ns(), set()
        body = await self._get(path)
        self._roots = [(int(pk), int(seq)) for pk, _, seq in ROW.findall(body)]
        members = MEMBERS.search(body)
        self._report_seconds = min(max(3, int(members[1]) * 0.05 if members else 0), 10)  # as in seen.js
        cursor, first = CURSOR.search(body), FIRST_UNREAD.search(body)
        self._cursor, self._replies = cursor[1].decode() if cursor else "", None
        await self.reconnect()
        if first:
            unread = {pk for pk, seq in self._roots if seq >= int(first[1])}
            self._see(unread & self._by_others(body), after=1)

    def _by_others(self, html: bytes) -> set[int]:
        """The ids of the messages that somebody else wrote."""
        return {int(pk) for pk, author, _ in ROW.findall(html) if author != str(self._account.pk).encode()}

    async def _listen(self) -> None:
        """Open the stream and follow it, as long as the page is shown."""
        start, conversation = time.monotonic(), self._conversation
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=2**22)
        try:
            path = f"/live/?conversation={conversation}&cursor={self._cursor}"
            writer.write(request("GET", path, self._account.cookies, {"Accept": "text/event-stream"}))
            head = await reader.readuntil(b"\r\n\r\n")
            self._note("stream", int(head.split()[1]), start)
            while chunk := await reader.read(2**18):
                self._note_arrivals(chunk, time.monotonic_ns())
                new = {
                    int(pk) for pk, author, _ in ROW.findall(chunk) if int(author or 0) != self._account.pk
                }
                self._see(new, after=self._report_seconds)
                if cursor := LATEST_CURSOR.match(chunk):
                    self._cursor = cursor[1].decode()
                for data in BADGES.findall(chunk):
                    self._follow_replies(data)
            self._tally.failed.append("the stream ended")
        finally:
            writer.close()

    def _note_arrivals(self, chunk: bytes, now: int) -> None:
        """A message comes again when somebody replies to it. Only its first arrival counts."""
        new = {int(stamp) for stamp in STAMP.findall(chunk)} - self._arrived
        self._arrived |= new
        self._tally.arrived += [(now - stamp) / 1e9 for stamp in new if stamp > self._opened_at]

    def _follow_replies(self, data: bytes) -> None:
        with suppress(ValueError):  # an event that is cut in two chunks
            before, self._replies = self._replies, json.loads(data)["replies"]
            if before is not None and before != self._replies and not self._is_running("threads"):
                self._start("threads", self._ask_for_threads())

    async def _ask_for_threads(self) -> None:
        await asyncio.sleep(1)
        await self._get(f"{self._page}unread-threads/", is_part=True)

    def _see(self, messages: set[int], after: float) -> None:
        self._unseen |= messages
        if messages and not self._is_running("report"):
            self._start("report", self._report(after, f"{self._page}seen/"))

    async def _report(self, after: float, path: str) -> None:
        await asyncio.sleep(after)
        ids, self._unseen = self._unseen, set()
        await self._post(path, ids=" ".join(map(str, ids)), live="")

    async def _get(self, path: str, is_part: bool = False) -> bytes:
        headers = {"Accept-Encoding": "br", **(PARTIAL if is_part else {})}
        return await self._exchange(path, request("GET", path, self._account.cookies, headers))

    async def _post(self, path: str, **fields: object) -> None:
        await self._exchange(path, form(path, self._account.cookies, fields))

    async def _exchange(self, path: str, data: bytes) -> bytes:
        """The time includes waiting for an earlier request of the same member."""
        start = time.monotonic()
        async with self._lock:
            answer = await self._connection.exchange(data)
        self._note(path, answer.status, start)
        return brotli.decompress(answer.body) if b"content-encoding: br" in answer.head else answer.body

    def _note(self, what: str, status: int, start: float) -> None:
        self._tally.took.append(time.monotonic() - start)
        if status not in (200, 204):
            self._tally.failed.append(f"{what}: {status}")

    def _is_running(self, name: str) -> bool:
        return name in self._tasks and not self._tasks[name].done()

    def _start(self, name: str, work: Coroutine[None, None, None]) -> None:
        if name in self._tasks:
            self._tasks[name].cancel()
        self._tasks[name] = asyncio.get_running_loop().create_task(self._noting(work))

    async def _noting(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except Exception as error:
            self._tally.failed.append(repr(error))
