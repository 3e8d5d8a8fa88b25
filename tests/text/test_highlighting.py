import re
from functools import partial
from html import escape

import pytest
from pygments.lexers import get_lexer_by_name

from messaging.text import render
from messaging.text.highlighting import (
    HIGHLIGHT_CLASSES,
    LANGUAGES,
    MAX_HIGHLIGHTED,
    highlight,
    is_affordable,
)
from tests.text.allowed import visible_text
from tests.text.clock import is_quick

HOSTILE = "a a |\n|\n |_|'|\"|/|*|<a |{|(|$|.|%|#|@|=|\\|`|~|&|0x|-- |<!--"
HOSTILE += "|${|{%${|$.$|{{|/*|//|=begin\n|a:|\n- |q{|\n\n\u00e9"


def fence(language: str, code: str) -> str:
    return f"```{language}\n{code}\n```"


def test_code_in_a_known_language_is_coloured() -> None:
    html = render(fence("Py", "def f(x):\n    return 'a' # <b>"))
    assert html.startswith('<pre><code dir="ltr" class="language-python"><span class="k">def</span> ')
    assert '<span class="c"># &lt;b&gt;</span>' in html


@pytest.mark.parametrize("language", ["", "markdown", "text"])
def test_code_without_a_highlighted_language_is_plain(language: str) -> None:
    assert render(fence(language, "def f(): 1")) == '<pre><code dir="ltr">def f(): 1\n</code></pre>'


@pytest.mark.parametrize("words", ["nonsense", "python-evil", '"><b>', "go home"])
def test_what_is_no_language_is_code(words: str) -> None:
    html = render(fence(words, "def f(): 1"))
    assert html == f'<pre><code dir="ltr">{escape(words, quote=False)}\ndef f(): 1\n</code></pre>'


def test_long_code_is_named_but_not_coloured() -> None:
    code = "x = 1\n" * (MAX_HIGHLIGHTED // 6)
    assert "<span" in render(fence("py", code[:-6]))
    longer = render(fence("py", code + "x = 1"))
    assert "<span" not in longer
    assert "language-python" in longer


def test_the_limit_is_for_all_code_of_a_message_together() -> None:
    block = fence("py", "x = 1\n" * 200)
    assert render(f"{block}\n\n{block}").count("<span") == render(block).count("<span") > 0


@pytest.mark.parametrize("language", sorted(set(LANGUAGES.values())))
def test_every_language_keeps_each_character_and_its_classes_in_the_closed_list(language: str) -> None:
    code = "<b> & \"x\" 'y' 1.5 # c\n\n/* d */ def class $x = {a: [1]} -- e\n\t\u00e9 \\ `q` @r\n- +s\n"
    html = highlight(code, language)
    assert visible_text(html) == code
    assert set(re.findall(r'class="([^"]*)"', html)) <= HIGHLIGHT_CLASSES
    assert get_lexer_by_name(language)


@pytest.mark.parametrize("language", sorted(set(LANGUAGES.values())))
def test_no_language_is_slow_on_hostile_code(language: str) -> None:
    """40 ms where a unit takes one, so that 60 are left for the rest of the message."""
    possible = (MAX_HIGHLIGHTED, 1_200, 700, 500)
    lengths = [length for length in possible if is_affordable("a " * (length // 2), language)]
    for piece in HOSTILE.split("|"):
        code = (piece * lengths[0])[: lengths[0]]
        broken = " ".join(code[start : start + 90] for start in range(0, lengths[0] - 30, 90))[: lengths[0]]
        for text in (code, broken):
            if is_affordable(text, language):
                assert is_quick(partial(highlight, text, language), units=40), piece
