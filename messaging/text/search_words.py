"""The words of a text as a search compares them, on every database in the same way.

Words are folded (`folding.py`). A character of a script without spaces between words counts as a word, so
上海 is found as a phrase of two. Punctuation separates words and is not indexed: a search for "C++" finds the
texts with a word "c", and keeps those in which `literal` finds "c++".
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import regex

from messaging.text.excerpts import visible_parts
from messaging.text.folding import fold
from messaging.text.scripts import UNSPACED_CLASS

_WORD: Final = regex.compile(
    rf"[{UNSPACED_CLASS}]|(?:(?![{UNSPACED_CLASS}])[\p{{Letter}}\p{{Number}}\p{{Mark}}])+"
)
# Vowel signs that Hebrew and Arabic mostly leave out, and what makes an emoji of a sign.
_OPTIONAL: Final = re.compile(
    "[\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\ufe00-\ufe0f\u20e3]"
)
_APOSTROPHES: Final = str.maketrans("’‘ʼ＇“”", "''''\"\"")
# The innermost quotation: its words are somebody else's.
_QUOTATION: Final = re.compile(r"<blockquote[^>]*>(?:(?!<blockquote).)*?</blockquote>", re.DOTALL)
_SCHEME: Final = re.compile(r"\bhttps?://")


@dataclass(frozen=True)
class Phrase:
    """Folded words that follow each other. If it is a prefix, the last one may go on."""

    words: tuple[str, ...]
    is_prefix: bool = False

    def is_at(self, words: tuple[str, ...]) -> bool:
        """Whether these words of a text, as many as its own, are the phrase."""
        if self.is_prefix:
            return words[:-1] == self.words[:-1] and words[-1].startswith(self.words[-1])
        return words == self.words


def own_text(content_html: str) -> str:
    """The visible text of a rendered message, without what it quotes and without "https://"."""
    text, found = content_html, 1
    while found:
        text, found = _QUOTATION.subn(" ", text)
    return without_scheme(" ".join("".join(visible_parts(text)).split()))


def without_scheme(text: str) -> str:
    """Without "https://": nearly every link has it."""
    return _SCHEME.sub("", text)


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    return list(_WORD.findall(normal(text)))


def literal(text: str) -> str:
    """What has to occur in `normal(text)` besides the words: "" if the words say everything."""
    folded = " ".join(normal(text).split())
    return "" if _WORD.sub("", folded).strip() == "" else folded


def normal(text: str) -> str:
    """The text folded, with its punctuation; composed, since a Hangul syllable is one character of a word."""
    folded = unicodedata.normalize("NFC", fold(text.translate(_APOSTROPHES)))
    return _OPTIONAL.sub("", folded)


def contains(text: str, phrase: Phrase) -> bool:
    """Whether a text contains a phrase: what the index decides, for one text."""
    return any(_found(words(text), phrase))


def places(text: str, phrases: Iterable[Phrase]) -> Iterator[tuple[int, int]]:
    """Where phrases stand in a text, as ranges of its characters.

    Args:
        text: as it is shown.
        phrases: what is looked for.
    """
    folded, origins = "", []
    for place, character in enumerate(text):
        part = normal(character)
        folded += part
        origins += [place] * len(part)
    spans = list(_WORD.finditer(folded))
    names = [span.group() for span in spans]
    for phrase in phrases:
        for first, is_found in enumerate(_found(names, phrase)):
            if is_found:
                last = first + len(phrase.words) - 1
                end = spans[last].start() + len(phrase.words[-1])
                yield origins[spans[first].start()], origins[end - 1] + 1


def _found(names: list[str], phrase: Phrase) -> Iterator[bool]:
    """For each place where the phrase could begin, whether it does."""
    size = len(phrase.words)
    return (phrase.is_at(tuple(names[first : first + size])) for first in range(len(names) - size + 1))
