"""One open stream, and how bytes get to it without a task being woken."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from types import coroutine
from typing import Any

from messaging.live.authorization import Visitor
from messaging.live.events import REPLACED, RESET

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]

BUFFER_BYTES = 256 * 1024  # for a reader that does not keep up; the server's own buffer comes before it


class Connection:
    """A browser's stream: who reads, which conversation, and up to which version it has been written."""

    def __init__(self, send: Send, visitor: Visitor) -> None:
        self.visitor = visitor
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
        """Send, or keep for a reader who is slow. Never waits.

        Who falls too far behind is told to load the page again, and of its conversation gets nothing more:
        what it would miss in between could not be made up.
        """
        if self.is_over or not data:
            return
        if self._finishing is None:
            self._drive(_body(data))
            return
        self._waiting.append(data)
        if sum(map(len, self._waiting)) > BUFFER_BYTES:
            if self._waiting[0] == RESET:
                self.end()  # even that did not get through
            else:
                self.conversation_id = None
                self._waiting = [RESET]

    def reset(self) -> None:
        """The page has to be loaded anew; until it comes back with a new cursor it gets no messages."""
        self.conversation_id = None
        self.write(RESET)

    def end(self, last: bytes = b"") -> None:
        """Send a last event, drop what else waits, and complete the answer: the server then hangs up."""
        if self.is_over:
            return
        self.is_over = True
        if self._finishing is None:
            self._drive(_body(last, more=False))
        else:
            self._waiting = [last]

    def replace(self) -> None:
        """End in favour of a newer one of the same person."""
        self.end(REPLACED)

    def _drive(self, message: dict[str, Any]) -> None:
        """Run the server's `send()` as far as it gets: while the reader keeps up that is to its end.

        To wake a task for each reader costs twice the time of all the rest.
        """
        sending = self._send(message)
        try:
            blocked_by = sending.send(None)
        except StopIteration:
            return
        except OSError:
            self.is_over = True
            return
        self._finishing = asyncio.ensure_future(self._finish(_resume(sending, blocked_by)))

    async def _finish(self, sending: Awaitable[None]) -> None:
        """Wait for a slow reader; what came meanwhile goes out in one piece."""
        try:
            await sending
            while self._waiting:
                data, self._waiting = b"".join(self._waiting), []
                await self._send(_body(data, more=not self.is_over))
        except OSError:
            self.is_over = True
        finally:
            self._finishing = None


def _body(data: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}


@coroutine
def _resume(sending: Coroutine[Any, Any, None], blocked_by: Any) -> Generator[Any, Any, None]:
    """What is left of a coroutine that was begun by hand: first what it waits for, then its rest."""
    try:
        yield blocked_by
    except BaseException:
        sending.close()
        raise
    yield from sending.__await__()
