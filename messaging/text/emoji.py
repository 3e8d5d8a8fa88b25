"""Emoji by name, such as `:tada:`: the few hundred most common names, as on GitHub and Slack."""

import json
import re
from pathlib import Path
from typing import Final

from .scripts import SPACED_LETTER

EMOJI: Final[dict[str, str]] = json.loads(Path(__file__).with_name("emoji.json").read_text(encoding="utf-8"))
EMOJI_PATTERN: Final = r":[a-z0-9_+-]{1,32}:"

_NAME = re.compile(EMOJI_PATTERN)
_LETTERS = re.compile(r"[a-z].*[a-z]")
_PART_OF_WORD = re.compile(SPACED_LETTER)


def replace_emoji(text: str) -> str:
    """Return the text with every known `:name:` replaced. Unknown names stay as they were typed."""
    if text.count(":") < 2:
        return text
    parts, end, emoji_end = [], 0, 0
    while match := _NAME.search(text, end):
        # The closing colon of an unknown name may open the next one: "12:30:tada:".
        stop = match.end() - 1
        shown = text[end:stop]
        if emoji_at(text, match.start(), emoji_end):
            stop = emoji_end = match.end()
            shown = text[end : match.start()] + EMOJI[match[0][1:-1]]
        parts.append(shown)
        end = stop
    return "".join([*parts, text[end:]])


def emoji_at(text: str, start: int, emoji_end: int = -1) -> bool:
    """Whether an emoji's name stands at this position, and not a part of something else with colons.

    Addresses (`2001:db8:100::1`), fields (`root:x:0:0`) and times (`10:100:20`) keep theirs.

    Args:
        emoji_end: where the last emoji ended; another one may begin directly behind it.
    """
    match = _NAME.match(text, start)
    name = match[0][1:-1] if match else ""
    if not match or name not in EMOJI:
        return False
    before, after = text[start - 1 : start], text[match.end() : match.end() + 1]
    if _PART_OF_WORD.match(after) or (after == ":" and not _NAME.match(text, match.end())):
        return False
    if before == ":":
        return start == emoji_end
    return not _PART_OF_WORD.match(before) or (after != ":" and _LETTERS.search(name) is not None)
