"""One open stream, and how bytes are written to it without waking a task."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from types import coroutine
from typing import Any

from messaging.live.authorization import Visitor
from messaging.live.sse_format import REPLACED, RESET

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]

BUFFER_BYTES = 256 * 1024  # for a slow reader, in addition to the server's own buffer


class Connection:
    """A browser's stream: whose it is, of which conversation, and the version up to which it was written.

    `is_visible` is False for the one hidden tab of a browser that keeps its stream, to show notifications.
    """

    def __init__(self, send: Send, visitor: Visitor, is_visible: bool = True) -> None:
        self.visitor = visitor
        self.is_visible = is_visible
        self.conversation_id: int | None = None
        self.version = 0
        self.is_over = False
        self._send = send
        self._finishing: asyncio.Task[None] | None = None
        self._waiting: list[bytes] = []

    @property
    def user_id(self) -> int:
        return self.visitor.user_id

    def start(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self._drive({"type": "http.response.start", "status": status, "headers": headers})

    def write(self, data: bytes) -> None:
        """Send the data, or buffer it for a slow reader. Never waits.

        If the buffer overflows, the data in it is dropped: the page is told to load its messages again, and
        gets no more messages on this stream.
        """
        if self.is_over or not data:
            return
        if self._finishing is None:
            self._drive(_body(data))
            return
        self._waiting.append(data)
        if sum(map(len, self._waiting)) > BUFFER_BYTES:
            if self._waiting[0] == RESET:
                self.end()  # the reader did not even get the reset
            else:
                self.conversation_id = None
                self._waiting = [RESET]

    def reset(self) -> None:
        """Tell the page to load its messages again. It gets no more until it reconnects with a new cursor."""
        self.conversation_id = None
        self.write(RESET)

    def end(self, last: bytes = b"") -> None:
        """Send a last event, drop the buffer, and complete the response; then the server disconnects."""
        if self.is_over:
            return
        self.is_over = True
        if self._finishing is None:
            self._drive(_body(last, more=False))
        else:
            self._waiting = [last]

    def replace(self) -> None:
        """End this stream because the same person opened a newer one."""
        self.end(REPLACED)

    def _drive(self, message: dict[str, Any]) -> None:
        """Run the server's `send()` until it waits; unless the reader is slow, it runs to its end.

        Waking a task for each reader would take twice as long as everything else together.
        """
        sending = self._send(message)
        try:
            blocked_by = sending.send(None)
        except StopIteration:
            return
        except Exception:  # each server raises something else once the browser is gone
            self.is_over = True
            return
        self._finishing = asyncio.ensure_future(self._finish(_resume(sending, blocked_by)))

    async def _finish(self, sending: Awaitable[None]) -> None:
        """Wait for a slow reader, then send what was buffered meanwhile in one message."""
        try:
            await sending
            while self._waiting:
                data, self._waiting = b"".join(self._waiting), []
                await self._send(_body(data, more=not self.is_over))
        except Exception:
            self.is_over = True
        finally:
            self._finishing = None


def _body(data: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}


@coroutine
def _resume(sending: Coroutine[Any, Any, None], blocked_by: Any) -> Generator[Any, Any, None]:
    """The rest of a coroutine that was started by hand: first what it waits for, then what follows."""
    try:
        yield blocked_by
    except BaseException:
        sending.close()
        raise
    yield from sending.__await__()
