"""Colours for fenced code: a closed list of languages and of class names."""

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import groupby
from typing import Final

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, _TokenType

# Pygments' short names; each finer kind of token (Literal.String.Double, "s2") takes the class of its
# nearest ancestor here. Punctuation, plain names, white space and errors carry none.
_CLASS_NAMES: Final = "c cp k kc kd kt m s se sr si na nb nc nd nf nn nt nv o gd gi gh gp go"
HIGHLIGHT_CLASSES: Final = frozenset(_CLASS_NAMES.split())

# Canonical name and the other names that people type. Left out on purpose: languages whose lexer picks
# another lexer by what the text says (markdown, http), and those that were too slow on hostile text
# (tsx, terraform).
_LANGUAGE_NAMES: Final = """
bash sh shell zsh | c h | clojure clj | console shell-session | cpp c++ cc hpp | csharp c# cs | css | dart
diff patch udiff | docker dockerfile | elixir ex exs | erlang erl | go golang | graphql gql | haskell hs
html htm | ini cfg conf | java | javascript js jsx node | json | kotlin kt | lua | make makefile | nginx
objective-c objc | perl pl | php | powershell ps1 pwsh | protobuf proto | pycon | python py py3 python3 | r
ruby rb | rust rs | scala | scss sass | sql postgresql mysql sqlite | swift | toml | typescript ts tsx
xml svg | yaml yml
"""
LANGUAGES: Final = {
    name: names.split()[0]
    for names in _LANGUAGE_NAMES.replace("\n", "|").split("|")
    for name in names.split()
}

# For all code of one message together. Some lexers are quadratic: Java took 4.2 s on 10,000 characters
# of "a a a". Fewer characters for those that took more than 25 ms on the worst 2,000 found, on a slow machine
# (C# took 337): as many as keep each of them below 25 there.
MAX_HIGHLIGHTED: Final = 2_000
_LESS: Final = "console dart diff elixir erlang ini kotlin protobuf ruby rust scala yaml"
_MUCH_LESS: Final = "c cpp java make objective-c r typescript"
_LIMITS: Final = {
    **dict.fromkeys(_LESS.split(), 1_200),
    **dict.fromkeys(_MUCH_LESS.split(), 700),
    "csharp": 500,
}
# What the quadratic ones stumble over. No code written by hand looks like it.
_UNREADABLE = re.compile(r"\s{100}|\S{200}")


def language_of(info: str) -> str | None:
    """Return the canonical name of the language that a fence's info string names, None if it is not known."""
    words = info.split(maxsplit=1)
    return LANGUAGES.get(words[0].lower()) if words else None


def is_affordable(code: str, language: str) -> bool:
    """Whether this code is highlighted in a few milliseconds, whatever it says."""
    return len(code) <= _LIMITS.get(language, MAX_HIGHLIGHTED) and not _UNREADABLE.search(code)


def highlight(code: str, language: str) -> str:
    """Return the code as HTML: text, and spans with a class of HIGHLIGHT_CLASSES; not a character is changed.

    `language` is a canonical name, a value of LANGUAGES.
    """
    runs = groupby(_classified(code, language), key=lambda piece: piece[0])
    return "".join(_span(name, "".join(text for _, text in run)) for name, run in runs)


def _span(name: str, text: str) -> str:
    return f'<span class="{name}">{escape(text)}</span>' if name else escape(text)


def _classified(code: str, language: str) -> Iterator[tuple[str, str]]:
    for _, kind, text in _lexer(language).get_tokens_unprocessed(code):
        yield _class_of(kind), text


@cache
def _class_of(kind: _TokenType) -> str:
    ancestors = reversed(kind.split())
    return next(
        (name for each in ancestors if (name := STANDARD_TYPES.get(each, "")) in HIGHLIGHT_CLASSES), ""
    )


@cache
def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(language)
