"""The cursor of a page: the versions of the site and of one conversation that the page shows."""

from typing import NamedTuple

from messaging.models.db.numbers import LARGEST_ID


class Cursor(NamedTuple):
    """`str(cursor)` is written into the page, and is the id of each event that changes messages.

    For a page it is read *before* the page's messages, so that no change is missed. The epoch changes when a
    backup is restored, `people` when somebody's name changes or an account is deleted.
    """

    epoch: str
    people: int
    version: int

    def __str__(self) -> str:
        return f"{self.epoch}.{self.people}.{self.version}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """The cursor that a page sent, or None if the text is not a valid cursor."""
        epoch, *numbers = text.split(".")
        if len(numbers) != 2 or not all(one.isascii() and one.isdigit() and len(one) < 20 for one in numbers):
            return None
        return cls(epoch, *(min(int(one), LARGEST_ID) for one in numbers))
