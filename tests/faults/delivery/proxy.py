"""A proxy in front of a server, which passes everything on, or spoils it."""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum

LATENCY_SECONDS = 0.3  # of each piece of a request or an answer
BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
PIECE = 65_536


class Mode(Enum):
    PASS = "pass"
    RESET = "reset"  # every connection is reset
    BLACK_HOLE = "black hole"  # nothing arrives any more, in either direction, and nobody is told
    LATENCY = "latency"
    BAD_GATEWAY = "bad gateway"  # as nginx answers when the server cannot be reached
    HALF_BODY = "half a body"  # each answer breaks off in the middle


class _Pair:
    """The two connections of a client: its own, and that to the server."""

    def __init__(self, *writers: asyncio.StreamWriter) -> None:
        self.writers = writers
        self.has_lost = False  # bytes in a black hole

    def reset(self) -> None:
        for writer in self.writers:
            if sock := writer.get_extra_info("socket"):
                with suppress(OSError):
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


class Proxy:
    """Listens at `address`. `set_mode` can be called from any thread."""

    def __init__(self, target: str, loop: asyncio.AbstractEventLoop) -> None:
        self._target, self._loop = target.split(":"), loop
        self._mode = Mode.PASS
        self._pairs: set[_Pair] = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"

    async def serve(self) -> None:
        server = await asyncio.start_server(self._connected, sock=self._listening)
        async with server:
            await server.serve_forever()

    def set_mode(self, mode: Mode) -> None:
        self._loop.call_soon_threadsafe(self._set_mode, mode)

    def _set_mode(self, mode: Mode) -> None:
        self._mode = mode
        for pair in list(self._pairs):
            if mode in (Mode.RESET, Mode.BAD_GATEWAY) or pair.has_lost:
                pair.reset()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self._mode is Mode.BAD_GATEWAY:
                raise OSError
            upstream, to_server = await asyncio.open_connection(*self._target)
        except OSError:
            await self._refuse(reader, writer)
            return
        pair = _Pair(writer, to_server)
        self._pairs.add(pair)
        try:
            await asyncio.gather(
                self._pass(reader, to_server, pair), self._pass(upstream, writer, pair, True)
            )
        except OSError:
            pair.reset()
        finally:
            self._pairs.discard(pair)
            for one in pair.writers:
                one.close()

    async def _refuse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await reader.read(PIECE)
            writer.write(BAD_GATEWAY)
            await writer.drain()
        writer.close()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pair: _Pair, is_answer: bool = False
    ) -> None:
        while data := await reader.read(PIECE):
            if self._mode is Mode.RESET:
                raise ConnectionResetError
            if self._mode is Mode.BLACK_HOLE:
                pair.has_lost = True
                continue
            if self._mode is Mode.LATENCY:
                await asyncio.sleep(LATENCY_SECONDS)
            if self._mode is Mode.HALF_BODY and is_answer:
                writer.write(data[: len(data) // 2])
                await writer.drain()
                break
            writer.write(data)
            await writer.drain()
        for one in pair.writers:  # as soon as one side has ended, the other one is told
            one.close()


@contextmanager
def proxies_of(targets: list[str]) -> Iterator[list[Proxy]]:
    """A proxy in front of each of these addresses, until the block ends."""
    proxies: list[Proxy] = []
    is_ready = threading.Event()

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        has_ended = asyncio.Event()
        proxies.extend(Proxy(target, loop) for target in targets)
        listening = [asyncio.ensure_future(proxy.serve()) for proxy in proxies]
        ends.append(lambda: loop.call_soon_threadsafe(has_ended.set))
        is_ready.set()
        await has_ended.wait()
        for one in listening:
            one.cancel()

    ends: list[Callable[[], object]] = []
    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    is_ready.wait()
    try:
        yield proxies
    finally:
        ends[0]()
        thread.join()
