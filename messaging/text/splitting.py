"""Splitting a text that is longer than a message can be into several."""

import re
from typing import Final, NamedTuple

import regex
from django.core.exceptions import ValidationError

from .bounds import TooComplex
from .cleaning import MAX_LENGTH, clean_text
from .markdown import parse

# Room for closing a fence: a line break, and as many marks as anybody types.
_CLOSING: Final = 16
# Spaces where a line may be broken: no no-break spaces, no figure spaces.
_SPACES: Final = re.compile(r"[^\S\n\xa0\u2007\u202f]+")


class _Fence(NamedTuple):
    marks: str
    language: str


def split_text(text: str, limit: int = MAX_LENGTH) -> list[str]:
    """Split a text into texts of at most `limit` characters that show, one after the other, what it shows.

    It is cut between two paragraphs, or else lines, or else words, or else characters as people see them, in
    the second half of what is allowed. A fence that goes on after a cut is closed before it, and opened again
    after it. Only white space at a cut is left out, and a text that would show nothing.

    Args:
        text: a result of `clean_text` of any length.
        limit: at least 200.

    Returns:
        Results of `clean_text`; the text itself if it is short enough.
    """
    pieces = []
    while len(text) > limit:
        piece, text = _cut(text, limit - _CLOSING)
        if fence := _open_fence(piece):
            piece = f"{piece}\n{fence.marks}"
            text = _continued(text, fence)
        pieces.append(piece)
    return [clean for piece in (*pieces, text) if (clean := _cleaned(piece))]


def _cut(text: str, limit: int) -> tuple[str, str]:
    """The beginning of a text, at most `limit` characters, and the rest, without the white space between."""
    half = limit // 2
    for ends in ("\n\n", "\n"):
        at = text.rfind(ends, half, limit + len(ends))
        if at >= 0:
            return text[:at], text[at + len(ends) :]
    if spaces := [found.start() for found in _SPACES.finditer(text, half, limit + 1)]:
        return text[: spaces[-1]], _SPACES.sub("", text[spaces[-1] :], count=1)
    ends_of_characters = (found.end() for found in regex.finditer(r"\X", text[: limit + 1]))
    at = max((end for end in ends_of_characters if half <= end <= limit), default=limit)
    return text[:at], text[at:]


def _open_fence(text: str) -> _Fence | None:
    """The fence in which a text ends, which is not closed."""
    if "```" not in text and "~~~" not in text:
        return None
    try:
        last = parse(f"{text}\nx")[-1]
    except TooComplex:
        return None  # it is shown as it was typed
    if last.type != "fence" or not last.content.endswith("x\n") or len(last.markup) >= _CLOSING:
        return None
    return _Fence(last.markup, last.info)


def _continued(rest: str, fence: _Fence) -> str:
    """What follows a text that ended in a fence: without its end, or with its beginning once more."""
    marks = re.escape(fence.marks)
    if end := re.match(rf"\s*{marks}{re.escape(fence.marks[0])}*[ \t]*(?:\n|\Z)", rest):
        return rest[end.end() :]
    return f"{fence.marks}{fence.language}\n{rest}"


def _cleaned(piece: str) -> str:
    try:
        return clean_text(piece, max_length=None)
    except ValidationError:
        return ""  # it shows nothing
