"""Emoji by name, such as `:tada:`: the few hundred most common names, as on GitHub and Slack, and the custom
emoji of a site, which are pictures.

Custom emoji are given as a mapping: each of their names -> the file name of the picture.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from .scripts import SPACED_LETTER

Pictures = Mapping[str, str]

NO_PICTURES: Final[Pictures] = MappingProxyType({})
EMOJI: Final[dict[str, str]] = json.loads(Path(__file__).with_name("emoji.json").read_text(encoding="utf-8"))
LONGEST_NAME: Final = 40
EMOJI_PATTERN: Final = rf":[a-z0-9_+-]{{1,{LONGEST_NAME}}}:"
# Of a custom emoji. Markdown would take a _ at its beginning or end for emphasis.
CUSTOM_NAME: Final = re.compile(rf"(?!_)(?=.*[a-z0-9])[a-z0-9_+-]{{2,{LONGEST_NAME}}}(?<!_)")
PICTURE_PATH: Final = re.compile(r"/emoji/([0-9a-f]{32}\.webp)")

_NAME = re.compile(EMOJI_PATTERN)
_NAMES = re.compile(f"(?=({EMOJI_PATTERN}))")  # also those that share a colon
_LETTERS = re.compile(r"[a-z].*[a-z]")
_PART_OF_WORD = re.compile(SPACED_LETTER)
_IMAGE = re.compile(r"<img [^>]*>")
_SRC = re.compile(rf' src="{PICTURE_PATH.pattern}"')
_ALT = re.compile(r' alt="([^"]*)"')


def split_emoji(text: str, pictures: Pictures = NO_PICTURES) -> Iterator[tuple[str, str]]:
    """Yield a text in pieces, each with the file name of its picture.

    Text has no picture (""); in it every name of the table is replaced by its emoji. A custom emoji is a
    piece of its own, as it was typed: `:name:`. Unknown names stay as they were typed.
    """
    if text.count(":") < 2:
        yield text, ""
        return
    shown, end, emoji_end = "", 0, 0
    while match := _NAME.search(text, end):
        # The closing colon of an unknown name may open the next one: "12:30:tada:".
        stop = match.end() - 1
        if not emoji_at(text, match.start(), emoji_end, pictures):
            shown += text[end:stop]
        else:
            shown += text[end : match.start()]
            stop = emoji_end = match.end()
            name = match[0][1:-1]
            if sign := EMOJI.get(name):
                shown += sign
            else:
                yield from ((shown, ""), (match[0], pictures[name]))
                shown = ""
        end = stop
    yield shown + text[end:], ""


def emoji_at(text: str, start: int, emoji_end: int = -1, pictures: Pictures = NO_PICTURES) -> bool:
    """Whether an emoji's name stands at this position, and not a part of something else with colons.

    Addresses (`2001:db8:100::1`), fields (`root:x:0:0`) and times (`10:100:20`) keep theirs.

    Args:
        emoji_end: where the last emoji ended; another one may begin directly after it.
        pictures: of the custom emoji that are known.
    """
    match = _NAME.match(text, start)
    name = match[0][1:-1] if match else ""
    if not match or not (name in EMOJI or name in pictures):
        return False
    before, after = text[start - 1 : start], text[match.end() : match.end() + 1]
    if _PART_OF_WORD.match(after) or (after == ":" and not _NAME.match(text, match.end())):
        return False
    if before == ":":
        return start == emoji_end
    return not _PART_OF_WORD.match(before) or (after != ":" and _LETTERS.search(name) is not None)


def unknown_names(text: str) -> set[str]:
    """What stands between colons in a text and is not in the table: what may be a custom emoji."""
    return {match[1][1:-1] for match in _NAMES.finditer(text)} - EMOJI.keys()


def emoji_image(typed: str, picture: str) -> str:
    """The HTML of a custom emoji.

    Args:
        typed: its name between colons.
        picture: the file name.
    """
    return f'<img class="custom-emoji" src="/emoji/{picture}" alt="{typed}" title="{typed}">'


def pictures_in(content_html: str) -> dict[str, str]:
    """The custom emoji that rendered HTML shows."""
    found = {}
    for image in _IMAGE.findall(content_html):
        if source := _SRC.search(image):
            found[alternative_of(image)[1:-1]] = source[1]
    return found


def alternative_of(image: str) -> str:
    """The text of an `<img>`, of rendered HTML, for those who do not see it."""
    found = _ALT.search(image)
    return html.unescape(found[1]) if found else ""
