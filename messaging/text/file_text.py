"""Small text files as HTML: their beginning, which messages show, and the whole. Coloured by their names.

Each piece of code is short enough for `is_affordable`, which keeps every lexer below 25 ms, and after
`SECONDS` of the processor the rest stays without colours. So no file can hold up a request.
"""

import re
import time
from collections.abc import Iterator
from html import escape
from typing import Final

from .cleaning import remove_forbidden
from .highlighting import highlight, is_affordable, language_of

MAX_BYTES: Final = 64 * 1024  # a larger file is only saved
START_CHARACTERS: Final = 2_000
START_LINES: Final = 40
START_HTML: Final = 12_000  # characters; with more tags than that it is shown without colours
SECONDS: Final = 0.25
_NAMES: Final = {
    "dockerfile": "docker",
    "makefile": "make",
    "gnumakefile": "make",
    ".bashrc": "bash",
    ".zshrc": "bash",
    ".profile": "bash",
}
_ENDINGS: Final = {"mjs": "js", "cjs": "js", "pyi": "py", "htm": "html", "plist": "xml", "mk": "make"}
# Where a text is divided, at best and at worst: after an empty line before one that is not indented, where
# a function or paragraph usually ends; after an empty line; after any line.
_BORDERS: Final = (
    re.compile(r"(?<=\n\n)(?=\S)"),
    re.compile(r"(?<=\n\n)(?=[^\n])"),
    re.compile(r"(?<=\n)(?=.)", re.DOTALL),
)


def text_of(data: bytes) -> str | None:
    """The text of a file with lines that end in "\\n"; None if it is too large, empty or not UTF-8."""
    if len(data) > MAX_BYTES:
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    text = remove_forbidden(text.replace("\r\n", "\n").replace("\r", "\n")).rstrip() + "\n"
    return text if text.strip() else None


def language_of_file(name: str) -> str | None:
    """The language of a file by its name; None for text without colours."""
    name = name.lower()
    if name in _NAMES:
        return _NAMES[name]
    ending = name.rpartition(".")[2] if "." in name else ""
    return language_of(_ENDINGS.get(ending, ending))


def start_html(text: str, name: str) -> str:
    """The first lines of a text as HTML. Empty if its first line is too long to be shown."""
    lines, length = [], 0
    for line in text.splitlines(keepends=True)[:START_LINES]:
        length += len(line)
        if length > START_CHARACTERS:
            break
        lines.append(line)
    start = "".join(lines)
    html = whole_html(start, name)
    return html if len(html) <= START_HTML else escape(start)


def whole_html(text: str, name: str) -> str:
    """A text as HTML, coloured as far as that is affordable."""
    language, end = language_of_file(name), time.thread_time() + SECONDS
    if language is None:
        return escape(text)
    html = []
    for piece in _pieces(text, language):
        is_coloured = is_affordable(piece, language) and time.thread_time() < end
        html.append(highlight(piece, language) if is_coloured else escape(piece))
    return "".join(html)


def _pieces(text: str, language: str) -> Iterator[str]:
    """The text in affordable pieces, as few as possible. What is not affordable in one line stays one."""
    piece = ""
    for part in _parts(text, language):
        if piece and not is_affordable(piece + part, language):
            yield piece
            piece = ""
        piece += part
    yield piece


def _parts(text: str, language: str, level: int = 0) -> Iterator[str]:
    """The text in parts that are affordable: only those that are not are divided further."""
    for part in _BORDERS[level].split(text):
        if level + 1 == len(_BORDERS) or is_affordable(part, language):
            yield part
        else:
            yield from _parts(part, language, level + 1)
