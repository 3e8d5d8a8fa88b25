"""The visible text of rendered messages, and excerpts of it for lists of messages."""

import html
import re
from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from .emoji import alternative_of
from .spoilers import SPOILER_CLASS

_PART: Final = re.compile(r"<(/?)([a-z]+)[^>]*>|[^<]+")
_INLINE: Final = frozenset({"a", "code", "em", "s", "span", "strong"})
_SPOILER: Final = re.compile(
    rf'<span class="{SPOILER_CLASS}">.*?</span>', re.DOTALL
)  # it holds no other span
_NUMBER: Final = re.compile(r' (?:start|value)="(\d+)"')


def excerpt_of(content_html: str, length: int) -> str:
    """The first words of a message as plain text, without those of spoilers.

    Args:
        content_html: the result of `render()`, in which every `<` belongs to a tag.
        length: the maximum number of characters. If text was cut off, the last one is an ellipsis.
    """
    parts, letters = [], 0
    for part in visible_parts(without_spoilers(content_html)):
        parts.append(part)
        letters += sum(map(len, part.split()))
        if letters > length:
            break
    words = " ".join("".join(parts).split())
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"


def has_spoilers(content_html: str) -> bool:
    """Whether something in a message is hidden."""
    return _SPOILER.search(content_html) is not None


def without_spoilers(content_html: str) -> str:
    """The HTML with a word in place of each spoiler."""
    return _SPOILER.sub(lambda spoiler: html.escape(_("[spoiler]")), content_html)


def visible_parts(content_html: str) -> Iterator[str]:
    """Yield the text of rendered HTML in pieces: with the names of custom emoji, the numbers of lists, and a
    space between blocks."""
    numbers: list[int | None] = []  # the next number of each list that is open; None if it has none
    for part in _PART.finditer(content_html):
        is_closing, tag = part[1], part[2]
        if tag is None:
            yield html.unescape(part[0])
        elif tag == "img":
            yield alternative_of(part[0])
        elif tag not in _INLINE:
            yield " "
        if tag in ("ol", "ul"):
            number = _NUMBER.search(part[0])
            if is_closing:
                numbers.pop()
            else:
                numbers.append(None if tag == "ul" else int(number[1]) if number else 1)
        elif tag == "li" and not is_closing and numbers[-1] is not None:
            number = _NUMBER.search(part[0])
            numbers[-1] = int(number[1]) if number else numbers[-1]
            yield f"{numbers[-1]}. "
            numbers[-1] += 1


def text_parts(content_html: str) -> Iterator[str]:
    """Yield the text of rendered HTML in pieces, without the numbers of lists."""
    for part in _PART.finditer(content_html):
        if part[2] is None:
            yield html.unescape(part[0])
        elif part[2] == "img":
            yield alternative_of(part[0])
