"""How far a page is: the numbers of the installation and of one conversation."""

from typing import NamedTuple

LARGEST = 2**63 - 1


class Cursor(NamedTuple):
    """`str(cursor)` is stamped on the page, *before* its messages are read, and is the id of each event.

    Another epoch means another database, another `people` that somebody is called otherwise or is gone.
    """

    epoch: str
    people: int
    version: int

    def __str__(self) -> str:
        return f"{self.epoch}.{self.people}.{self.version}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """The cursor that a page sent; None where it is none that we made."""
        epoch, *numbers = text.split(".")
        if len(numbers) != 2 or not all(one.isascii() and one.isdigit() and len(one) < 20 for one in numbers):
            return None
        return cls(epoch, *(min(int(one), LARGEST) for one in numbers))
