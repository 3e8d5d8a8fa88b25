"""Counts the work of a call: the same on every machine, however busy it is."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.db import connection


def calls(of: Callable[[], object]) -> int:
    """How many functions it calls in this thread, Python's own among them."""
    count = 0

    def note(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        of()
    finally:
        sys.setprofile(None)
    return count


def lines(of: Callable[[], object]) -> int:
    """How many lines of Python it runs in this thread."""
    count = 0

    def note(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        of()
    finally:
        sys.settrace(before)
    return count


def database_steps(of: Callable[[], object]) -> int:
    """How much the database does for it: instructions of SQLite's machine, or rows that PostgreSQL reads."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        before = _rows_read()
        of()
        return _rows_read() - before
    count = 0

    def note() -> int:
        nonlocal count
        count += 1
        return 0

    connection.connection.set_progress_handler(note, 1)
    try:
        of()
    finally:
        connection.connection.set_progress_handler(None, 1)
    return count


def _rows_read() -> int:
    """Since the database began: of what is committed, and of what is not."""
    read = "coalesce(sum(seq_tup_read), 0) + coalesce(sum(idx_tup_fetch), 0)"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
        cursor.execute(
            f"SELECT (SELECT {read} FROM pg_stat_user_tables) + (SELECT {read} FROM pg_stat_xact_user_tables)"
        )
        return int(cursor.fetchone()[0])
