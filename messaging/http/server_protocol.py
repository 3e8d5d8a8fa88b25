"""uvicorn's HTTP protocol, with limits for the headers of a request."""

import asyncio
import select
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

MAX_HEADER_BYTES: Final = 64 * 1024
HEADER_SECONDS: Final = (
    15  # from the first byte of a request, or from the connection, to the end of its headers
)
LAST_REQUEST_SECONDS: Final = 0.5  # for the request of a connection that was made just before a shutdown
# Linux tells when the other side has closed the connection; other systems, only when both sides have.
_CLOSED: Final = getattr(select, "POLLRDHUP", 0) | select.POLLHUP
_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
)
_TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class State(ServerState):
    """What all connections of a server share.

    Attributes:
        is_draining: whether the server is about to stop, so that each connection ends with its next response.
    """

    is_draining = False


class ServerProtocol(HttpToolsProtocol):
    """Headers are limited in size and time. When the connection is lost, all of its requests are notified.

    The scope of a request has an extension "connection"; its function `is_gone`, for any thread, tells
    whether the client has gone.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._header_bytes = 0
        self._header_timer: asyncio.TimerHandle | None = None
        self._cycles: set[RequestResponseCycle] = set()
        self._is_last = False  # whether the connection ends with its next response

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._is_last = isinstance(self.server_state, State) and self.server_state.is_draining
        self._await_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        self._have_headers()
        # uvicorn notifies only the last request. An earlier one, such as a stream, would go on for ever.
        for cycle in self._cycles:
            cycle.disconnected = cycle.disconnected or not cycle.response_complete
            cycle.message_event.set()
        self._cycles.clear()
        self.pipeline.clear()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._header_timer is not None:
            self._header_bytes += len(data)
        super().data_received(data)
        if self._header_timer is not None and self._header_bytes > MAX_HEADER_BYTES:
            self._refuse(_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._await_headers()

    def on_headers_complete(self) -> None:
        self._have_headers()
        if sum(len(name) + len(value) for name, value in self.headers) + len(self.url) > MAX_HEADER_BYTES:
            self._refuse(_TOO_LARGE)
            raise _HeadersTooLarge
        self.scope["extensions"] = {"connection": {"is_gone": self._client_is_gone}}
        super().on_headers_complete()
        if self._is_last:
            self.cycle.keep_alive = False
        self._cycles = {cycle for cycle in self._cycles if not cycle.response_complete} | {self.cycle}

    def send_400_response(self, msg: str) -> None:
        if not self.transport.is_closing():
            super().send_400_response(msg)

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered; the next one may be on its way."""
        return not self.transport.is_closing() and all(cycle.response_complete for cycle in self._cycles)

    def close_after_response(self) -> None:
        """The server will stop. An idle connection stays open, since its next request may be on its way."""
        self._is_last = True
        for cycle in self._cycles:
            cycle.keep_alive = False

    def shutdown(self) -> None:
        """The server stops. A connection that has not sent its first request yet has a moment to do so."""
        had_request = bool(self._cycles)
        if had_request or self.transport.is_closing():
            super().shutdown()
        else:
            self.loop.call_later(LAST_REQUEST_SECONDS, super().shutdown)

    def _client_is_gone(self) -> bool:
        """Whether the client has closed the connection. The event loop may not have noticed it yet."""
        connection = self.transport.get_extra_info("socket")
        if self.transport.is_closing() or connection.fileno() < 0:
            return True
        poll = select.poll()
        try:
            poll.register(connection, _CLOSED)
        except ValueError:  # the event loop has closed it just now
            return True
        return bool(poll.poll(0))

    def _await_headers(self) -> None:
        self._have_headers()
        self._header_bytes = 0
        self._header_timer = self.loop.call_later(HEADER_SECONDS, self._refuse, _TOO_SLOW)

    def _have_headers(self) -> None:
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None

    def _refuse(self, answer: bytes) -> None:
        self._have_headers()
        if not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()


class _HeadersTooLarge(Exception):
    """Stops the parser: nothing more of this connection is read."""
