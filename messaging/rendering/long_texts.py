"""Which messages are long: they are shown folded, with "Show all" (`static/js/long-texts.js`)."""

import math
from typing import Final

MAX_LINES: Final = 30
# As many characters fit into a line of the column. Those of Chinese, Japanese and Korean are twice as wide.
LINE_CHARACTERS: Final = 90
_FIRST_WIDE: Final = "\u2e80"


def is_long(text: str) -> bool:
    """Whether a text takes more than `MAX_LINES` lines in the column."""
    if text.count("\n") + 2 * len(text) // LINE_CHARACTERS < MAX_LINES:
        return False  # however wide its characters are
    return sum(map(_lines, text.split("\n"))) > MAX_LINES


def _lines(line: str) -> float:
    if not line.strip():
        return 0.3  # the space between two paragraphs
    width = len(line) + sum(character >= _FIRST_WIDE for character in line)
    return math.ceil(width / LINE_CHARACTERS)
