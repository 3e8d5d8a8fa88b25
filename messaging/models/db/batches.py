"""Splits lists of ids, since one SQL statement takes only a limited number."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

CHUNK = 450  # ids in one statement, which may name them twice: SQLite before 3.32 takes 999 variables


Id = TypeVar("Id")


def in_chunks(ids: Sequence[Id]) -> Iterator[Sequence[Id]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
