"""How a process notices that it is about to end.

The server tells the application only after all responses are complete, which streams never are.
"""

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType


def on_signal(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    """Call `callback` in the loop when SIGINT or SIGTERM arrives, before the server's own handler runs.

    Only the main thread can handle signals. A server in another thread cancels the streams by itself.
    """
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
