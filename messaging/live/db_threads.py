"""The two threads in which all streams of a process read the database, with one connection each.

A stream holds neither of them while it waits. Each function that is run here reads, and finishes its
transaction: an open read transaction would keep SQLite from reusing its write-ahead log.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import close_old_connections

THREADS = 2

P = ParamSpec("P")
T = TypeVar("T")

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="live")


async def read(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call the function in one of the threads and return its result. Raises what the function raises."""
    return await asyncio.get_running_loop().run_in_executor(
        _threads, lambda: _call(function, *args, **kwargs)
    )


def _call(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    close_old_connections()  # replaces a connection that is broken or older than CONN_MAX_AGE
    try:
        return function(*args, **kwargs)
    finally:
        close_old_connections()
