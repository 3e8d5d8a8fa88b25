"""Processor cores for a server and for what measures it. Linux only."""

import os
import resource
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

Server = TypeVar("Server")


def split_cores() -> tuple[list[int], list[int]]:
    """The first core, for a server, and the others, for the load generator. With one core, both get it."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[:1], cores[1:] or cores


@contextmanager
def only_on(cores: Collection[int]) -> Iterator[None]:
    """This process, and what it starts in the block, use these cores only."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def on_one_core(starting: AbstractContextManager[Server]) -> Iterator[Server]:
    """Start a server on the first core. Meanwhile this process, the load generator, uses the others."""
    first, others = split_cores()
    with only_on(first), starting as server, only_on(others):
        yield server


def allow_open_files(count: int) -> None:
    """Let this process, and what it starts from now on, open so many files and sockets.

    Raises:
        ValueError: the system does not allow as many.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
