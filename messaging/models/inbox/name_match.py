"""How well what somebody types matches a name: the order of the results of the quick switcher."""

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from messaging.models.db.text_match import fold

_BETWEEN_WORDS: Final = re.compile(r"[\W_]+")
_SHORTEST_FUZZY: Final = 3  # letters: fewer would be found, with gaps, in nearly every name


class Match(IntEnum):
    """Kinds of matches, the best first."""

    EXACT = 0
    PREFIX = 1
    WORD_PREFIX = 2  # every typed word begins a word of the name
    INITIALS = 3
    INSIDE = 4
    FUZZY = 5  # the letters in this order, with others between them, from the beginning of a word on


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody types, prepared to be compared with thousands of names.

    `text` is folded (without case and accents), `letters` is the text without spaces, `words` are its words.
    Of the patterns, `in_order` matches a folded name that has the letters in this order, with any others
    between them, and each of `begins` finds a word that begins as one of the typed words does.
    """

    text: str
    letters: str
    words: list[str]
    in_order: re.Pattern[str]
    begins: list[re.Pattern[str]]

    @classmethod
    def of(cls, typed: str) -> "Query":
        text = " ".join(fold(typed).split())
        letters, words = text.replace(" ", ""), _words(text)
        in_order = re.compile("".join(map(_up_to, letters)), re.DOTALL)
        return cls(text, letters, words, in_order, [re.compile(rf"(?:^|[\W_]){word}") for word in words])

    def match(self, name: str) -> Match | None:
        """How the query matches the name; None if it does not."""
        folded = fold(name)
        has_letters = self.in_order.match(folded)
        if not has_letters and len(self.words) < 2:
            return None
        if folded == self.text:
            return Match.EXACT
        if self.words and all(pattern.search(folded) for pattern in self.begins):
            return self._match_words(_words(folded))
        if not has_letters:
            return None
        if folded.startswith(self.text):
            return Match.PREFIX
        if len(self.letters) > 1 and "".join(word[0] for word in _words(folded)).startswith(self.letters):
            return Match.INITIALS
        if self.text in folded:
            return Match.INSIDE
        is_long_enough = len(self.letters) >= _SHORTEST_FUZZY
        return Match.FUZZY if is_long_enough and self._begins_a_word(_words(folded)) else None

    def _match_words(self, words: list[str]) -> Match:
        """How well a name with a word for each typed word matches. Signs between words do not count."""
        if words == self.words:
            return Match.EXACT
        return Match.PREFIX if " ".join(words).startswith(" ".join(self.words)) else Match.WORD_PREFIX

    def _begins_a_word(self, words: list[str]) -> bool:
        """Whether the letters come in this order from the beginning of a word on."""
        return any(
            self.in_order.match(" ".join(words[first:]))
            for first, word in enumerate(words)
            if word[0] == self.letters[0]
        )


def _words(folded: str) -> list[str]:
    return [word for word in _BETWEEN_WORDS.split(folded) if word]


def _up_to(letter: str) -> str:
    """A pattern: everything up to the next such letter. It never has to go back, so it takes linear time."""
    return f"[^{re.escape(letter)}]*{re.escape(letter)}"
