"""What a command says while it works."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from django.template.defaultfilters import filesizeformat

Say = Callable[[str], object]
_SECONDS: Final = 2.0
Item = TypeVar("Item")


def counted(items: Iterable[Item], total: int, what: str, say: Say) -> Iterator[Item]:
    """The same items, with a line of progress every two seconds.

    Args:
        what: the plural noun for what is counted.
    """
    last = time.monotonic()
    for number, item in enumerate(items, start=1):
        yield item
        if time.monotonic() - last > _SECONDS:
            last = time.monotonic()
            say(f"{number:,} of {total:,} {what} …")


def readable(size: int) -> str:
    """A number of bytes as people read it."""
    return filesizeformat(size).replace("\xa0", " ")
