"""uvicorn's server, which stops without failing a request: processes can be replaced under load."""

import asyncio
import ctypes
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import ClassVar, Final

import uvicorn

from messaging.http.server_protocol import ServerProtocol, State

# For how long after SIGTERM a process still takes requests, if others can replace it. Longer than the proxy
# keeps an idle connection (`keepalive_timeout` in deploy/nginx.conf), so none is closed while a request
# arrives.
DRAIN_SECONDS: Final = 3.0
_POLL_SECONDS: Final = 0.1
# How much longer, at most, it takes requests while a connection is idle. The proxy closes an idle connection
# within two seconds, but a busy machine may stop the proxy for a moment.
_IDLE_SECONDS: Final = 5.0
# How long, at most, it then waits until no connection is idle or waits to be accepted.
_LAST_ACCEPT_SECONDS: Final = 1.0
_TCP_INFO_WAITING: Final = 24  # offset in `tcp_info` of the number of connections that wait to be accepted
_SO_ATTACH_FILTER: Final = 26
# A BPF program (linux/filter.h): drop TCP packets with the SYN flag, keep others.
_DROP_NEW: Final = ((0x30, 0, 0, 13), (0x45, 0, 1, 0x02), (0x06, 0, 0, 0), (0x06, 0, 0, 0xFFFFFFFF))


class Server(uvicorn.Server):
    """After SIGTERM: requests are served for some seconds more, then no new connection, then streams end.

    Args:
        config: of uvicorn; its `http` must be ServerProtocol.
        drain_seconds: how long requests are still taken. Meanwhile `/ready` says 503, and each response
            closes its connection. 0 for a single process: waiting would only lengthen its restart.
    """

    running: ClassVar["Server | None"] = None  # the server of this process, if it is one of these

    def __init__(self, config: uvicorn.Config, drain_seconds: float = 0) -> None:
        super().__init__(config)
        self.drain_seconds = drain_seconds
        self.server_state: State = State()
        self._is_closed = False
        self._ends: list[Callable[[], None]] = []

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        Server.running = self
        try:
            await super().serve(sockets)
        finally:
            Server.running = None

    def when_closed(self, end: Callable[[], None]) -> None:
        """Call this, in the loop, as soon as no new connection can reach this process."""
        self._ends.append(end)
        if self._is_closed:
            end()

    async def main_loop(self) -> None:
        await super().main_loop()
        self.server_state.is_draining = True
        for connection in list(self.server_state.connections):
            if isinstance(connection, ServerProtocol):
                connection.close_after_response()
        await self._while(self.drain_seconds, lambda: True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self.drain_seconds:
            await self._while(_IDLE_SECONDS, self._has_idle)
            # What the kernel has accepted for us would be reset when the socket is closed, perhaps after the
            # proxy has sent a request. So first nothing more comes, then what has come is taken.
            for listening in sockets or []:
                _drop_new_connections(listening)
            await self._while(
                _LAST_ACCEPT_SECONDS, lambda: self._has_idle() or any(map(_has_waiting, sockets or []))
            )
        for server in self.servers:
            server.close()
        self._is_closed = True
        for end in self._ends:
            end()
        await super().shutdown(sockets)

    async def _while(self, longest: float, holds: Callable[[], bool]) -> None:
        """Wait until `holds()` is false, for at most so many seconds; a second Ctrl-C ends it."""
        end = asyncio.get_running_loop().time() + longest
        while not self.force_exit and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(_POLL_SECONDS)
            if not holds():
                return

    def _has_idle(self) -> bool:
        """Whether a connection is open on which no request is being answered."""
        connections = self.server_state.connections
        return any(isinstance(one, ServerProtocol) and one.is_idle for one in connections)


def _has_waiting(listening: socket.socket) -> bool:
    """Whether a connection waits to be accepted. Where the system does not say so: no."""
    try:
        info = listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
    except (OSError, AttributeError):
        return False
    return bool(struct.unpack_from("I", info, _TCP_INFO_WAITING)[0])


def _drop_new_connections(listening: socket.socket) -> None:
    """Drop new connections. Clients try again after a second and are refused: proxies then take the next
    process.

    Where the system has no such filter, a request that comes in this very moment may fail.
    """
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in _DROP_NEW))
    with suppress(OSError):
        options = struct.pack("HL", len(_DROP_NEW), ctypes.addressof(program))
        listening.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, options)
