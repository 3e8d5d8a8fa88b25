"""From ASGI to Django's WSGI handler: a request takes a worker only between its last byte and its answer.

Bodies are received and answers are sent in the event loop, however long a client takes. So many slow
clients do not slow down anybody else, and no worker waits for a client that has disconnected.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from typing import IO, Any, Final
from weakref import WeakKeyDictionary

from messaging.http.request_body import (
    MAX_FORM_BYTES,
    Disconnected,
    Receive,
    RequestBody,
    RequestRejected,
)
from messaging.http.roomy_stack import with_room
from messaging.http.slots import LONG_ANSWERS, Slots

logger = logging.getLogger(__name__)

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

SHORT_BYTES: Final = 1024 * 1024  # what is longer is sent while it is made, and takes a slot of its own
SEND_SECONDS: Final = 60  # for a reader to take the next part of an answer
RETRY_AFTER_SECONDS: Final = 5
REASONS: Final = {
    408: "The request took too long to arrive.",
    413: "The request is too large: less can be sent at once, and files only by those who are signed in. "
    "Go back, and what you typed is still there.",
    503: "The server is busy. Try again in a moment.",
}


class Bridge:
    """An ASGI application that runs a WSGI application in a fixed number of threads."""

    def __init__(self, application: Application, workers: int) -> None:
        self.application = application
        self.threads = ThreadPoolExecutor(workers + LONG_ANSWERS, thread_name_prefix="page")
        self._workers = workers
        self._slots: WeakKeyDictionary[asyncio.AbstractEventLoop, Slots] = WeakKeyDictionary()

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request. Raises what `send` raises after a disconnect: the server logs nothing then."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        if scope["type"] != "http":
            return
        slots = self._slots.setdefault(asyncio.get_running_loop(), Slots(self._workers))
        try:
            async with RequestBody(scope, receive, slots.bodies, self.threads) as body:
                answer = Answer(self, slots, send)
                environ = _environ(scope, body.file, body.size)
                async with slots.uploads if body.size > MAX_FORM_BYTES else nullcontext():
                    await answer.wait_for_worker(scope, receive)
                    await answer.make(environ, _check_for_client(scope))
            await answer.finish()
        except Disconnected:
            return
        except RequestRejected as refused:
            await _send_reason(send, refused.status)


class Answer:
    """The answer to one request. A thread makes it; a short one is sent when the thread is free again."""

    def __init__(self, bridge: Bridge, slots: Slots, send: Send) -> None:
        self._bridge = bridge
        self._long_answers = slots.long_answers
        self._slot = slots.workers
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._start: dict[str, Any] = {}
        self._parts: list[bytes] = []
        self._is_long = False

    async def wait_for_worker(self, scope: dict[str, Any], receive: Receive) -> None:
        """Wait until a thread is free; for a page, only as long as somebody waits for it.

        Raises:
            Disconnected: nobody does.
        """
        if scope["method"] not in ("GET", "HEAD") or not self._slot.locked():
            await self._slot.acquire()
            return
        free, gone = asyncio.ensure_future(self._slot.acquire()), asyncio.ensure_future(receive())
        try:
            await asyncio.wait({free, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not free.done():
                raise Disconnected
        finally:
            gone.cancel()
            free.cancel()

    async def make(self, environ: dict[str, Any], is_gone: Callable[[], bool]) -> None:
        """Run the application in the thread that is free.

        Args:
            environ: the variables of WSGI.
            is_gone: whether nobody waits for the answer any more.

        Raises:
            Disconnected: nobody does, or somebody stopped reading a long answer.
            RequestRejected: there is no slot for another long answer.
        """
        try:
            run = partial(self._run, environ, is_gone)
            await self._loop.run_in_executor(self._bridge.threads, with_room, run)
        except _NoSlot:
            raise RequestRejected(503) from None
        except _ReaderGone:
            raise Disconnected from None
        finally:
            self._slot.release()

    async def finish(self) -> None:
        """Send what was not sent yet."""
        if not self._is_long:
            await self._send(self._start)
        body = {"type": "http.response.body", "body": b"".join(self._parts)}
        await asyncio.wait_for(self._send(body), SEND_SECONDS)

    def _run(self, environ: dict[str, Any], is_gone: Callable[[], bool]) -> None:
        """In the thread: read the application's answer, and send it where it is long."""
        if is_gone():
            raise _ReaderGone
        iterable = self._bridge.application(environ, self._start_response)
        try:
            size = 0
            for part in iterable:
                self._parts.append(part)
                size += len(part)
                if size > SHORT_BYTES:
                    self._in_loop(self._send_parts())
                    size = SHORT_BYTES - len(part)
        finally:
            if hasattr(iterable, "close"):
                iterable.close()

    def _start_response(self, status: str, headers: list[tuple[str, str]], exc_info: object = None) -> object:
        pairs = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers]
        self._start = {"type": "http.response.start", "status": int(status[:3]), "headers": pairs}
        return self._parts.append

    def _in_loop(self, coroutine: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    async def _send_parts(self) -> None:
        if not self._is_long:
            await self._become_long()
        data, self._parts = b"".join(self._parts), []
        body = {"type": "http.response.body", "body": data, "more_body": True}
        try:
            await asyncio.wait_for(self._send(body), SEND_SECONDS)
        except Exception as error:  # each server raises something else
            raise _ReaderGone from error

    async def _become_long(self) -> None:
        """Leave the worker's slot to others."""
        if self._long_answers.locked():
            raise _NoSlot
        await self._long_answers.acquire()
        self._slot.release()
        self._slot = self._long_answers
        self._is_long = True
        await self._send(self._start)


class _NoSlot(Exception):
    """As many long answers as are allowed are being sent."""


class _ReaderGone(Exception):
    """The client has closed the connection, or a part of a long answer could not be sent."""


def _check_for_client(scope: dict[str, Any]) -> Callable[[], bool]:
    """A function that says whether the client is gone. For a change it never says so: that is made anyway.

    While many requests wait, the event loop learns late of a lost connection: each time it reads a socket, it
    waits for the GIL behind all workers.
    """
    connection = (scope.get("extensions") or {}).get("connection", {})
    if scope["method"] not in ("GET", "HEAD") or "is_gone" not in connection:
        return lambda: False
    is_gone: Callable[[], bool] = connection["is_gone"]
    return is_gone


async def _send_reason(send: Send, status: int) -> None:
    body = f"{REASONS[status]}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),  # the rest of the body is not read
    ]
    if status == 503:
        headers.append((b"retry-after", str(RETRY_AFTER_SECONDS).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _environ(scope: dict[str, Any], body: IO[bytes], size: int) -> dict[str, Any]:
    """The variables of WSGI (PEP 3333) for this request."""
    root = scope.get("root_path", "")
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": root.encode().decode("latin1"),
        "PATH_INFO": scope["path"].removeprefix(root).encode().decode("latin1"),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for header, content in scope["headers"]:
        if b"_" in header:
            continue  # WSGI could not tell it from the header with "-" in its name
        name, value = header.decode("latin1").upper().replace("-", "_"), content.decode("latin1")
        name = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"
        environ[name] = f"{environ[name]},{value}" if name in environ else value
    environ["CONTENT_LENGTH"] = str(size)
    return environ
