"""Spoilers: what stands between `||` and `||` is hidden until the reader opens it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
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
    """Whether a mark after this character can end a spoiler."""
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
    spoilers = _outermost(_spoilers(parts))
    starts, ends = {one.start for one in spoilers}, {one.end for one in spoilers}
    inner = {place for one in spoilers for place in one.inner}
    for place, part in enumerate(parts):
        if place in starts:
            part.type, part.tag, part.nesting, part.content = "spoiler_open", "span", 1, ""
            part.attrs = {"class": SPOILER_CLASS}
            yield part
        elif place in ends:
            part.type, part.tag, part.nesting, part.content = "spoiler_close", "span", -1, ""
            yield part
        elif place not in inner and (part.content or part.type != "text"):
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


@dataclass
class _Spoiler:
    """Where a spoiler begins and ends, and the marks of those inside it, which are not shown."""

    start: int
    end: int = 0  # none yet
    open: int = 1  # how many marks are not closed
    inner: list[int] = field(default_factory=list)


def _outermost(spoilers: Iterable[_Spoiler]) -> list[_Spoiler]:
    """Those that are in no other: what is hidden by two is hidden once, until the outer one is opened."""
    found: list[_Spoiler] = []
    for one in sorted(spoilers, key=lambda one: one.start):
        if found and one.start < found[-1].end:
            found[-1].inner += [one.start, one.end, *one.inner]
        else:
            found.append(one)
    return found


def _spoilers(parts: Sequence[Token]) -> Iterator[_Spoiler]:
    """All spoilers, nested ones too. The two marks of a spoiler are at the same depth of other markup.

    A spoiler ends at its matching closing mark, or, if marks are missing, at the last closing mark, so that
    nothing between marks is ever shown.
    """
    opened: dict[int, _Spoiler] = {}  # depth -> the spoiler that began there
    depth = links = 0
    for place, part in enumerate(parts):
        if part.nesting < 0 and (left := opened.pop(depth, None)) and left.end:
            yield left
        depth += part.nesting
        links += part.nesting if part.tag == "a" else 0
        if "mark" not in part.meta or links:
            continue
        before, after = _beside(parts, place, -1), _beside(parts, place, 1)
        one = opened.get(depth)
        if one and can_close(before):
            if one.end:
                one.inner.append(one.end)
            one.end, one.open = place, one.open - 1
            if not one.open:
                yield opened.pop(depth)
        elif can_open(before, after):
            if one:
                one.open += 1
                one.inner.append(place)
            else:
                opened[depth] = _Spoiler(place)
    yield from (one for one in opened.values() if one.end)


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
