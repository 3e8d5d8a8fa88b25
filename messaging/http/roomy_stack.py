"""Room for the frames of a deep call, so that CPython need not ask the system for it again and again.

CPython keeps the frames of Python functions in chunks of 16 KB. A call that does not fit asks the system for
a new chunk, and gives it back when it returns. Where calls happen to cross this border in a loop, as in the
middle of a large template, each of them does so: it made the page of a thread a third slower. Newer
versions of CPython 3.13 and 3.14 keep the last chunk, 3.11 and 3.12 do not:
https://github.com/python/cpython/issues/142183
"""

from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")

# With 1,000 more that CPython adds, of 8 bytes each, too many for a chunk of 64 KB: it gets one of 128 KB.
# The calls below have 70 KB of it; pages need some 20.
_SLOTS: Final = 7_250


def with_room(act: Callable[[], T]) -> T:
    """Call `act` and return its result. The calls below it cross no border, unless they are very deep."""
    return act()


# The frame claims this many slots for its calculations, and touches none of them.
with_room.__code__ = with_room.__code__.replace(co_stacksize=_SLOTS)
