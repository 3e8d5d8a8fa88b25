"""Fenced code as people type it in a chat, where code often stands on the same line as the marks.

CommonMark takes everything after the opening marks as the name of a language, which is not shown, and ends
a fence only at a line of its own. Here, what is not the name of a language is part of the code:

    ```SELECT 1             ```go home now          text ```
    FROM x```               code                    code
                            ```                     ``` more text
"""

import re
from typing import Final, NamedTuple

from markdown_it.rules_block import StateBlock

from .highlighting import LANGUAGES

# Names after the opening marks that are not shown, besides those of the highlighted languages.
_OTHER_LANGUAGES: Final = """
ada apache apl asm astro awk bat cmake cobol coffee csv d delphi django dos elm fish fortran fsharp gherkin
groovy handlebars hcl http jinja jinja2 json5 jsonc jsonl julia latex less lisp log markdown matlab md mermaid
nasm nim none ocaml pascal plain plaintext prolog properties puppet reg sas scheme solidity svelte tcl
terraform tex text tf tsv tsx txt vb verilog vhdl vim vue wasm zig
"""
FENCE_LANGUAGES: Final = frozenset([*LANGUAGES, *_OTHER_LANGUAGES.split()])

_OPENING = re.compile(r"(`{3,})([^`]*)|(~{3,})(.*)")
_TEXT_AND_OPENING = re.compile(r"([^`]*[^`\s\\])[ \t]*(`{3,})[ \t]*")


class _End(NamedTuple):
    """Where the code of a fence ends. All lines before `line` are code."""

    line: int
    is_closed: bool = False  # by marks on that line
    code: str = ""  # before the marks
    rest: int | None = None  # the position of the text after the marks


def fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule: a line that begins with the marks of a fence. An empty one that is closed shows nothing."""
    opening = None if state.is_code_block(start) else _OPENING.fullmatch(_line(state, start))
    if opening is None:
        return False
    marks, info = (opening[1] or opening[3]), (opening[2] or opening[4] or "").strip()
    language = info if info.lower() in FENCE_LANGUAGES else ""
    if marks.startswith("~") and info != language:
        return False  # "~~~ news ~~~" is an ornament
    found = _find_end(state, start, end, marks)
    return _parse(state, start, found, silent, marks=marks, first=info, language=language)


def fence_after_text(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule: a line of text that ends in the marks of a fence, which is closed further down."""
    opening = None if state.is_code_block(start) else _TEXT_AND_OPENING.fullmatch(_line(state, start))
    if opening is None:
        return False
    found = _find_end(state, start, end, opening[2])
    return found.is_closed and _parse(state, start, found, silent, marks=opening[2], text=opening[1])


def _parse(
    state: StateBlock,
    start: int,
    end: _End,
    silent: bool,
    *,
    marks: str,
    first: str = "",
    language: str = "",
    text: str = "",
) -> bool:
    lines = state.getLines(start + 1, end.line, state.sCount[start], True)
    if lines and not lines.endswith("\n"):
        lines += "\n"
    first = "" if language else first
    code = "".join(f"{part}\n" if part else "" for part in (first, lines.removesuffix("\n"), end.code))
    if not code.strip() and not end.is_closed:
        return False
    if not silent:
        if text:
            _push_paragraph(state, start, text)
        if code.strip():
            token = state.push("fence", "code", 0)
            token.markup, token.info = marks, language
            token.content, token.map = code, [start, end.line]
        state.line = end.line + (end.is_closed and end.rest is None)
        if end.rest is not None:  # what stands after the marks is parsed as a line of its own
            state.bMarks[end.line], state.tShift[end.line] = end.rest, 0
            state.sCount[end.line] = state.blkIndent
    return True


def _push_paragraph(state: StateBlock, line: int, text: str) -> None:
    state.push("paragraph_open", "p", 1).map = [line, line + 1]
    inline = state.push("inline", "", 0)
    inline.content, inline.children, inline.map = text, [], [line, line + 1]
    state.push("paragraph_close", "p", -1)


def _find_end(state: StateBlock, start: int, end: int, marks: str) -> _End:
    """Where the fence that opens on the line `start` ends: at the latest at the line `end`."""
    closing = re.compile(rf"{marks}{marks[0]}*(?:[ \t]+(?P<rest>.*)|\Z)")
    for line in range(start + 1, end):
        text = _line(state, line)
        if text and state.sCount[line] < state.blkIndent:
            return _End(line)  # it belongs to what is around the list item
        if found := closing.match(text):
            has_rest = bool((found["rest"] or "").strip())
            rest = state.eMarks[line] - len(found["rest"]) if has_rest else None
            return _End(line, is_closed=True, rest=rest)
        if marks[0] == "`" and text.rstrip().endswith(marks) and len(re.findall("`{3,}", text)) % 2:
            code = state.getLines(line, line + 1, state.sCount[start], False).rstrip().rstrip("`")
            return _End(line, is_closed=True, code=code)
    return _End(end)


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
