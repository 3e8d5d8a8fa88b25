"""The order in which people expect names: "team 2" before "team 10", without regard to case and accents."""

import re
from typing import Final, TypeAlias

from messaging.text.folding import fold

NaturalKey: TypeAlias = tuple[tuple[str | int, ...], str]
ORDER_LENGTH: Final = 240  # characters
_NUMBER: Final = re.compile(r"(\d+)")  # digits of any script
_SPACED_NUMBER: Final = re.compile(r"\s*(\d+)\s*")


def natural_key(name: str) -> NaturalKey:
    """A key to sort names by. A number within a name counts as a number, in the digits of any script.

    If names differ only in case, accents or spaces around numbers, the second part of the key decides.
    """
    parts = _NUMBER.split(fold(name))  # texts and numbers in turns, a text first
    key = (int(part) if place % 2 else part.strip() for place, part in enumerate(parts))
    return tuple(key), name


def natural_text(name: str) -> str:
    """A text by which a database sorts names as `natural_key` does; at most `ORDER_LENGTH` characters.

    The count of its digits stands before each number: "team 2" becomes "team0012", "team 10" "team00210".
    """

    def counted(number: re.Match[str]) -> str:
        digits = str(int(number[1]))
        return f"{len(digits):03}{digits}"

    return _SPACED_NUMBER.sub(counted, fold(name))[:ORDER_LENGTH]
