"""Spoilers: what stands between `||` and `||` is hidden until the reader opens it."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from .scripts import SPACED_LETTER

SPOILER_CLASS: Final = "spoiler"
MAX_MARKS: Final = 500  # more of them only cost time
_MARK: Final = re.compile(r"(?<!\|)\|\|(?!\|)")
_LETTER: Final = re.compile(SPACED_LETTER)


def can_open(before: str, after: str) -> bool:
    """Whether a mark between these characters can begin a spoiler; not in `a||b` and `a || b`."""
    return not _LETTER.match(before) and bool(after.strip())


def can_close(before: str) -> bool:
    """Whether a mark behind this character can end a spoiler."""
    return bool(before.strip())


def marks_in(text: str) -> Iterator[tuple[int, bool, bool]]:
    """The marks of a text without other markup: where each is, and whether it can begin and end a spoiler."""
    for mark in _MARK.finditer(text):
        start, end = mark.span()
        before, after = text[max(start - 1, 0) : start], text[end : end + 1]
        yield start, can_open(before, after), can_close(before)


def find_spoilers(state: StateCore) -> None:
    """Core rule: put what stands between two marks, in one paragraph and outside of links, into a span.

    A paragraph with more than MAX_MARKS stays as it was typed.
    """
    for token in state.tokens:
        texts = [child.content for child in token.children or () if child.type == "text"]
        if 0 < sum(text.count("||") for text in texts) <= MAX_MARKS:
            token.children = list(_with_spoilers(token.children or ()))


def _with_spoilers(children: Sequence[Token]) -> Iterator[Token]:
    parts = list(_split(children))
    spoilers = dict(_pairs(parts))
    ends = set(spoilers.values())
    for place, part in enumerate(parts):
        if place in spoilers:
            part.type, part.tag, part.nesting, part.content = "spoiler_open", "span", 1, ""
            part.attrs = {"class": SPOILER_CLASS}
            yield part
        elif place in ends:
            part.type, part.tag, part.nesting, part.content = "spoiler_close", "span", -1, ""
            yield part
        elif part.content or part.type != "text":
            yield part


def _split(children: Sequence[Token]) -> Iterator[Token]:
    """The tokens, each mark as a text of its own."""
    for child in children:
        if child.type != "text":
            yield child
            continue
        end = 0
        for mark in _MARK.finditer(child.content):
            if end < mark.start():
                yield Token("text", "", 0, content=child.content[end : mark.start()])
            yield Token("text", "", 0, content="||", meta={"mark": True})
            end = mark.end()
        if not end:
            yield child
        elif end < len(child.content):
            yield Token("text", "", 0, content=child.content[end:])


def _pairs(parts: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Where spoilers begin and end. Both marks are equally deep in other markup."""
    opened: dict[int, int] = {}  # depth -> the place of the mark that is open there
    depth = links = 0
    for place, part in enumerate(parts):
        if part.nesting < 0:
            opened.pop(depth, None)
        depth += part.nesting
        links += part.nesting if part.tag == "a" else 0
        if "mark" not in part.meta or links:
            continue
        before, after = _beside(parts, place, -1), _beside(parts, place, 1)
        if depth in opened and can_close(before):
            yield opened[depth], place
            opened.clear()  # spoilers are not nested
        elif can_open(before, after):
            opened.setdefault(depth, place)


def _beside(parts: Sequence[Token], place: int, step: int) -> str:
    """The character before or after a mark: "" at the ends of the text, a space at line breaks."""
    place += step
    while 0 <= place < len(parts):
        part = parts[place]
        if part.type.endswith("break"):
            return " "
        if part.content:
            return part.content[-1 if step < 0 else 0]
        place += step
    return ""
