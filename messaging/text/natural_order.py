"""The order in which people expect names: "team 2" before "team 10", without regard to case and accents."""

import re
from typing import Final, TypeAlias

from messaging.text.folding import fold

NaturalKey: TypeAlias = tuple[tuple[str | int, ...], str]
_NUMBER: Final = re.compile(r"(\d+)")  # digits of any script


def natural_key(name: str) -> NaturalKey:
    """A key to sort names by. A number within a name counts as a number, in the digits of any script.

    If names differ only in case, accents or spaces around numbers, the second part of the key decides.
    """
    parts = _NUMBER.split(fold(name))  # texts and numbers in turns, a text first
    key = (int(part) if place % 2 else part.strip() for place, part in enumerate(parts))
    return tuple(key), name
