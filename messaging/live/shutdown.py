"""How a process learns that it is about to end.

The server says so to an application only after its answers are complete, which streams never are.
"""

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType


def on_signal(loop: asyncio.AbstractEventLoop, end: Callable[[], None]) -> None:
    """Call `end` in the loop when the server is told to end, before what the server does then.

    Only the main thread hears signals; a server in another one cancels what is left by itself.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        of_server = signal.getsignal(number)
        if callable(of_server):
            signal.signal(number, _both(loop, end, of_server))


def _both(
    loop: asyncio.AbstractEventLoop,
    end: Callable[[], None],
    of_server: Callable[[int, FrameType | None], object],
) -> Callable[[int, FrameType | None], None]:
    def heard(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(end)
        of_server(number, frame)

    return heard
