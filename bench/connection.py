"""One connection of a browser: it sends a request, receives the response, and connects again when needed."""

import asyncio
import re
from typing import NamedTuple

LIMIT = 2**22  # of a line or a head
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)")


class Response(NamedTuple):
    """`head` is in lower case."""

    status: int
    head: bytes
    body: bytes


class Connection:
    """
    Args:
        port: of the server.
        source: the address that the server sees.
    """

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self._port = port
        self._source = source
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def exchange(self, request: bytes, *more: bytes) -> Response:
        """Send a request and receive its response. Two must not run at once.

        Args:
            more: what is sent after it, one after the other as fast as it is taken.
        """
        if self._open is None or self._open[0].at_eof():  # the server closed an idle one
            self._open = await asyncio.open_connection(
                "127.0.0.1", self._port, limit=LIMIT, local_addr=(self._source, 0)
            )
        reader, writer = self._open
        writer.write(request)
        for part in more:
            await writer.drain()
            writer.write(part)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        return Response(int(head.split()[1]), head, await _body(reader, head))

    def close(self) -> None:
        if self._open:
            self._open[1].close()
            self._open = None


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    if length := LENGTH.search(head):
        return await reader.readexactly(int(length[1]))
    body = b""
    if b"transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
    return body
