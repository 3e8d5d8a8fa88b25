"""How a process notices that its streams must end.

uvicorn tells the application only after all responses are complete, which streams never are. Our own server
(`messaging.http.server`) tells it as soon as no new stream can come.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Final

from messaging.http.server import Server
from messaging.live.connection import Connection

# Over how long streams are ended, where another process takes them: all pages at once would be slow to open.
SPREAD_SECONDS: Final = 2.0
_PAUSE_SECONDS: Final = 0.1
_AT_ONCE: Final = 10  # at least so many between two pauses


def on_stop(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    """Call `callback` in the loop when the streams must end.

    With another server: when SIGINT or SIGTERM arrives, before the server's own handler runs. Only the main
    thread can handle signals. A server in another thread cancels the streams by itself.
    """
    if Server.running:
        Server.running.when_closed(callback)
        return
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        server_handler = signal.getsignal(number)
        if callable(server_handler):
            signal.signal(number, _chained(loop, callback, server_handler))


def _chained(
    loop: asyncio.AbstractEventLoop,
    callback: Callable[[], None],
    server_handler: Callable[[int, FrameType | None], object],
) -> Callable[[int, FrameType | None], None]:
    def handler(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(callback)
        server_handler(number, frame)

    return handler


def end_streams(
    loop: asyncio.AbstractEventLoop, streams: Sequence[Connection], end: Callable[[Connection], None]
) -> None:
    """Call `end` for each stream; where their pages can reconnect at once, for a few at a time."""
    if not (Server.running and Server.running.drain_seconds):
        for stream in streams:
            end(stream)
        return
    some = max(_AT_ONCE, -(-len(streams) * _PAUSE_SECONDS // SPREAD_SECONDS))
    for number, stream in enumerate(streams):
        loop.call_later(number // some * _PAUSE_SECONDS, end, stream)
