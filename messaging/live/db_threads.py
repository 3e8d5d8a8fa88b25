"""The two threads through which all streams of a process read, with a database connection each.

A stream holds neither. Each question opens what it needs, reads and is done: a read transaction that stays
open would keep SQLite from recycling its log.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import close_old_connections

READERS = 2

P = ParamSpec("P")
T = TypeVar("T")

_threads = ThreadPoolExecutor(READERS, thread_name_prefix="live")


async def read(question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Ask in one of the threads. Raises what the question raises."""
    return await asyncio.get_running_loop().run_in_executor(_threads, lambda: _ask(question, *args, **kwargs))


def _ask(question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    close_old_connections()  # a broken one is replaced, and one that served its time
    try:
        return question(*args, **kwargs)
    finally:
        close_old_connections()
