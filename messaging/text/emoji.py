"""Emoji by name, such as `:tada:`: the few hundred most common names, as on GitHub and Slack."""

import json
import re
from pathlib import Path
from typing import Final

EMOJI: Final[dict[str, str]] = json.loads(Path(__file__).with_name("emoji.json").read_text(encoding="utf-8"))
EMOJI_PATTERN: Final = r":[a-z0-9_+-]{1,32}:"

_NAME = re.compile(EMOJI_PATTERN)


def replace_emoji(text: str) -> str:
    """Return the text with every known `:name:` replaced. Unknown names stay as they were typed."""
    if text.count(":") < 2:
        return text
    parts, end = [], 0
    while match := _NAME.search(text, end):
        character = EMOJI.get(match[0][1:-1])
        # The closing colon of an unknown name may open the next one: "12:30:tada:".
        stop = match.end() if character else match.end() - 1
        parts += [text[end : match.start()], character or text[match.start() : stop]]
        end = stop
    return "".join([*parts, text[end:]])
