"""A message that is nothing but a few emoji shows them large."""

from typing import Final

import regex

LARGE_CLASS: Final = "large-emoji"
MAX_LARGE: Final = 5

_PICTURE: Final = (
    r"(?:(?!\p{Regional_Indicator})\p{Emoji_Presentation}|\p{Extended_Pictographic}(?=\ufe0f|\p{Emoji_Modifier}))"
    r"(?:\ufe0f|\p{Emoji_Modifier}|[\U000e0020-\U000e007e]+\U000e007f)?"
)
_EMOJI: Final = (
    r"(?:<img [^>]*+>"
    r"|\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3"
    rf"|{_PICTURE}(?:\u200d(?>{_PICTURE}|\p{{Extended_Pictographic}}\ufe0f?))*+)"
)
_EMOJI_ALONE: Final = regex.compile(rf"<p>((?>{_EMOJI}[ ]*+){{1,{MAX_LARGE}}}+)</p>")  # in linear time


def enlarge(html: str) -> str:
    """The HTML of a message; if it is emoji alone, its paragraph says so."""
    alone = _EMOJI_ALONE.fullmatch(html)
    return f'<p class="{LARGE_CLASS}">{alone[1]}</p>' if alone else html
