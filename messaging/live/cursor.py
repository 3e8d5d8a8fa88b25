"""The cursor of a page: the versions of the site and of one conversation that the page shows, and in which
language."""

from typing import NamedTuple

from messaging.models.db.numbers import LARGEST_ID


class Cursor(NamedTuple):
    """`str(cursor)` is written into the page, and is the id of each event that changes messages.

    For a page it is read *before* the page's messages, so that no change is missed. The epoch changes when a
    backup is restored, `people` when somebody's name changes or an account is deleted. A page in another
    language than its stream has to load its messages again.
    """

    epoch: str
    people: int
    version: int
    language: str = ""

    def __str__(self) -> str:
        return ".".join(str(part) for part in self if part != "")

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """The cursor that a page sent, or None if the text is not a valid cursor."""
        epoch, *numbers = text.split(".")
        language = numbers.pop() if len(numbers) == 3 else ""
        if language and not (language.isascii() and language.replace("-", "").isalpha()):
            return None
        if len(numbers) != 2 or not all(one.isascii() and one.isdigit() and len(one) < 20 for one in numbers):
            return None
        people, version = (min(int(one), LARGEST_ID) for one in numbers)
        return cls(epoch, people, version, language)
