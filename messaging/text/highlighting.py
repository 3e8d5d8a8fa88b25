"""Syntax highlighting of fenced code, with a closed list of languages and of CSS class names."""

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import groupby
from typing import Final

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, _TokenType

# Pygments' short names. A more specific token type (Literal.String.Double, "s2") gets the class of its
# nearest ancestor in this list. Punctuation, plain names, white space and errors get no class.
_CLASS_NAMES: Final = "c cp k kc kd kt m s se sr si na nb nc nd nf nn nt nv o gd gi gh gp go"
HIGHLIGHT_CLASSES: Final = frozenset(_CLASS_NAMES.split())

# The canonical name, then its aliases. Left out on purpose: languages whose lexer chooses another lexer by
# the content (markdown, http), and those whose lexer was too slow on hostile text (tsx, terraform).
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

# In characters, for all code of one message together. Some lexers take quadratic time: Java took 4.2 s for
# 10,000 characters of "a a a". The lower limits are for lexers that took more than 25 ms for the worst 2,000
# characters found, on a slow machine (C# took 337 ms); they keep each lexer below 25 ms there.
MAX_HIGHLIGHTED: Final = 2_000
_SLOW: Final = "console dart diff elixir erlang ini kotlin protobuf ruby rust scala yaml"
_VERY_SLOW: Final = "c cpp java make objective-c r typescript"
_LIMITS: Final = {
    **dict.fromkeys(_SLOW.split(), 1_200),
    **dict.fromkeys(_VERY_SLOW.split(), 700),
    "csharp": 500,
}
# What makes the quadratic lexers slow. No code written by hand looks like this.
_PATHOLOGICAL = re.compile(r"\s{100}|\S{200}")


def language_of(info: str) -> str | None:
    """Return the canonical name of the language in a fence's info string, or None if it is not known."""
    words = info.split(maxsplit=1)
    return LANGUAGES.get(words[0].lower()) if words else None


def is_affordable(code: str, language: str) -> bool:
    """Whether highlighting this code is sure to take only a few milliseconds."""
    return len(code) <= _LIMITS.get(language, MAX_HIGHLIGHTED) and not _PATHOLOGICAL.search(code)


def highlight(code: str, language: str) -> str:
    """Return the code as HTML: text, and spans with a class of HIGHLIGHT_CLASSES. The text is unchanged.

    Args:
        code: the source code.
        language: a canonical name, which is a value of LANGUAGES.
    """
    runs = groupby(_classified(code, language), key=lambda token: token[0])
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
