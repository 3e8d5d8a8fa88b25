"""Text files as HTML: nothing but their text and known classes, in bounded time, whatever is in them."""

import re
import time
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.text.file_text import (
    MAX_BYTES,
    SECONDS,
    START_CHARACTERS,
    START_HTML,
    START_LINES,
    language_of_file,
    start_html,
    text_of,
    whole_html,
)
from messaging.text.highlighting import HIGHLIGHT_CLASSES

NAMES = ("a.py", "a.java", "a.cs", "a.c", "a.js", "a.html", "a.yaml", "Makefile", "a.txt", "a")
TAG = re.compile(r'</span>|<span class="(\w+)">')


def shown(html: str) -> str:
    """The text that a browser shows. Anything but a tag of a known class is text."""
    assert {name for name in TAG.findall(html) if name} <= HIGHLIGHT_CLASSES
    text = TAG.sub("", html)
    assert "<" not in text
    return unescape(text)


@given(text=st.text(alphabet=st.sampled_from("ab \n\t<>&\"'/*#(){}=+1\u00e9"), max_size=3000))
@pytest.mark.parametrize("name", NAMES)
def test_what_is_shown_is_the_text(name: str, text: str) -> None:
    assert shown(whole_html(text, name)) == text
    start = shown(start_html(text, name))
    assert text.startswith(start)
    assert start.count("\n") <= START_LINES
    assert len(start) <= START_CHARACTERS


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("bad", ["a a a ", '""" ', "/* * ", "<!-- ", "((((", "a.b.c ", "1+", "\\"])
def test_hostile_files_take_little_time_and_little_html(name: str, bad: str) -> None:
    text = (bad * 15 + "\n") * (MAX_BYTES // (len(bad) * 15 + 1))
    began = time.thread_time()
    html = whole_html(text, name)
    assert time.thread_time() - began < SECONDS + 0.5
    assert shown(html) == text
    assert len(start_html(text, name)) <= START_HTML


def test_a_long_file_is_coloured_to_its_end() -> None:
    code = 'def tide():\n    """High\n\n    water."""\n    return 1\n\n\n' * 300
    html = whole_html(code, "tides.py")
    assert html.count('<span class="nf">tide</span>') == 300
    assert "".join(re.findall(r'<span class="s">(.*?)</span>', html, re.DOTALL)).count("water.") == 300


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("tides.PY", "python"),
        ("Dockerfile", "docker"),
        ("a.b.ts", "typescript"),
        ("x.mjs", "javascript"),
        ("notes.txt", None),
        ("notes", None),
        ("", None),
    ],
)
def test_language_is_by_name(name: str, language: str | None) -> None:
    assert language_of_file(name) == language


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"one\r\ntwo\rthree", "one\ntwo\nthree\n"),
        (b"\xef\xbb\xbfone\n\n\n", "one\n"),
        ("o\u202ene\x00".encode(), "one\n"),
        (b" \n ", None),
        (b"\xff\xfe", None),
        (b"x" * (MAX_BYTES + 1), None),
    ],
)
def test_text_of_a_file(data: bytes, text: str | None) -> None:
    assert text_of(data) == text


def test_first_line_that_is_too_long_is_not_shown() -> None:
    assert start_html("x" * (START_CHARACTERS + 1) + "\nshort\n", "a.js") == ""
