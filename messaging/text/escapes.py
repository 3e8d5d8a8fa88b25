r"""Backslashes. One stays as it was typed, unless it hides a mark that would have had an effect.

CommonMark removes every backslash before a punctuation mark, and so changes `\\server\share\_docs` and
`¯\_(ツ)_/¯`. Here it is removed only where the mark after it would have done something: in `\*not bold\*`.
"""

import re
import string
import unicodedata
from bisect import bisect_right
from functools import cached_property
from math import inf
from typing import Final, NamedTuple

from markdown_it.rules_inline import StateInline

from .emoji import NO_PICTURES, Pictures, emoji_at
from .mentions import MENTION
from .room_names import SIGN
from .spoilers import marks_in

_MARKS: Final = "\\*_~`[]()!<>#+-.:@|"
_ESCAPED = re.compile(rf"\\([{re.escape(_MARKS)}])")
_RUN = re.compile(r"\*+|_+|~~+|`+")
_AUTOLINK = re.compile(r"<(?:[a-z][a-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)>", re.IGNORECASE)
_LINE_MARK = re.compile(r">|\#{1,6}(?!\S)|[-+*](?!\S)|([-*_])(?:[ \t]*\1){2}")
_NUMBER = re.compile(r"[ \t]*\d{1,9}\Z")
_SCHEME = re.compile(r"(?:https?|mailto)\Z", re.IGNORECASE)


def escape(state: StateInline, silent: bool) -> bool:
    """Inline rule: a backslash with the mark after it.

    They become a token of the type "escape" whose content is what is shown. It is not text, so that no
    mention and no emoji is found across it.
    """
    mark = _ESCAPED.match(state.src, state.pos, state.posMax)
    if mark is None:
        return False
    if not silent:
        bare = state.env.get("bare")
        if bare is None or bare.source is not state.src:
            bare = state.env["bare"] = _Bare(state.src, state.env.get("emoji", NO_PICTURES))
        state.push("escape", "", 0).content = mark[1] if bare.has_effect(state.pos) else mark[0]
    state.pos += 2
    return True


class _Run(NamedTuple):
    """Neighbouring equal marks of emphasis or code."""

    start: int
    marks: str
    can_open: bool
    can_close: bool

    @property
    def kind(self) -> str:
        """What a run needs as a partner: the same mark, for code also of the same length."""
        return self.marks if self.marks[0] == "`" else self.marks[0]


class _Bare:
    """A text without the backslashes before marks: what each mark would do if it were not hidden."""

    def __init__(self, source: str, pictures: Pictures) -> None:
        self.source = source
        self._pictures = pictures
        self.text = _ESCAPED.sub(r"\1", source)
        hidden = (match.start() for match in _ESCAPED.finditer(source))
        self._positions = {start: start - number for number, start in enumerate(hidden)}

    def has_effect(self, position: int) -> bool:
        """Whether the mark after the backslash at this position of the source would do something."""
        at = self._positions.get(position)
        return at is not None and self._does_something(at)

    def _does_something(self, at: int) -> bool:
        text, mark = self.text, self.text[at]
        line = text.rfind("\n", 0, at) + 1
        if not text[line:at].strip() and _LINE_MARK.match(text, at):
            return True
        match mark:
            case "*" | "_" | "~" | "`":
                return self._has_partner(at)
            case "\\":
                return (
                    text[at + 1 : at + 2] not in ("", "\\")
                    and text[at + 1] in _MARKS
                    and self._does_something(at + 1)
                )
            case "[" | "!":
                return (mark == "[" or text[at + 1 : at + 2] == "[") and text.find("](", at) >= 0
            case "]" | "(":
                return text[at - (mark == "(") :][:2] == "](" and text.find("[", 0, at) >= 0
            case "." | ")" if _NUMBER.match(text[line:at]):
                return not text[at + 1 : at + 2].strip()
            case ")":
                return text.rfind("](", 0, at) >= 0
            case "<":
                return _AUTOLINK.match(text, at) is not None
            case ">":
                opening = text.rfind("<", 0, at)
                return opening >= 0 and _AUTOLINK.fullmatch(text, opening, at + 1) is not None
            case ":":
                return emoji_at(text, at, pictures=self._pictures) or (
                    text[at + 1 : at + 3] == "//" and bool(_SCHEME.search(text[max(at - 6, 0) : at]))
                )
            case "@":
                return MENTION.match(text, at) is not None
            case "#":
                return SIGN.match(text, at) is not None
            case "|":
                return at in self._of_spoilers or at - 1 in self._of_spoilers
        return False

    def _has_partner(self, at: int) -> bool:
        """Whether the run of marks at this position opens or closes something together with another run."""
        number = bisect_right(self._runs, at, key=lambda run: run.start) - 1
        if number < 0 or at >= (run := self._runs[number]).start + len(run.marks):
            return False
        first_opening, last_closing = self._ends[run.kind]
        return (run.can_open and run.start < last_closing) or (run.can_close and first_opening < run.start)

    @cached_property
    def _of_spoilers(self) -> set[int]:
        """Where the marks are that begin or end a spoiler together with another one."""
        marks = list(marks_in(self.text))
        first = min((at for at, opens, _ in marks if opens), default=inf)
        last = max((at for at, _, closes in marks if closes), default=-inf)
        return {at for at, opens, closes in marks if (opens and at < last) or (closes and first < at)}

    @cached_property
    def _runs(self) -> list[_Run]:
        return [_run(self.text, match) for match in _RUN.finditer(self.text)]

    @cached_property
    def _ends(self) -> dict[str, tuple[float, float]]:
        """By kind: where the first run is that can open, and the last one that can close."""
        ends: dict[str, tuple[float, float]] = {}
        for run in self._runs:
            first, last = ends.get(run.kind, (inf, -inf))
            ends[run.kind] = (
                min(first, run.start) if run.can_open else first,
                run.start if run.can_close else last,
            )
        return ends


def _run(text: str, match: re.Match[str]) -> _Run:
    """Apply CommonMark's rules of left- and right-flanking runs."""
    marks, start, end = match[0], match.start(), match.end()
    if marks[0] == "`":
        return _Run(start, marks, can_open=True, can_close=True)
    before, after = text[start - 1 : start] or " ", text[end : end + 1] or " "
    left = not after.isspace() and (not _is_punctuation(after) or before.isspace() or _is_punctuation(before))
    right = not before.isspace() and (
        not _is_punctuation(before) or after.isspace() or _is_punctuation(after)
    )
    inside_word = left and right and marks[0] == "_"
    return _Run(
        start,
        marks,
        can_open=left and (not inside_word or _is_punctuation(before)),
        can_close=right and (not inside_word or _is_punctuation(after)),
    )


def _is_punctuation(character: str) -> bool:
    # Symbols outside ASCII count as letters, as in CommonMark before 0.31. So the arm of ¯\_(ツ)_/¯ stays.
    return character in string.punctuation or unicodedata.category(character)[0] == "P"
