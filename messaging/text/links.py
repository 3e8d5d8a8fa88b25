"""Which addresses become links, and where a typed address ends: linkify-it, bounded."""

import re
from typing import Final

from linkify_it import LinkifyIt
from linkify_it.main import Match
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_inline import StateInline

# Domains that are linked without "https://" in front. linkify-it's own rule, every two letters, makes links
# of main.py, run.sh, lib.rs and "great.so": those are file names and missing spaces in a team's talk.
_TOP_LEVEL: Final = "com|org|net|edu|gov|info|io|dev|app|eu|de|ch|uk|fr|nl|es|pt|dk|se|fi|cz|ca|au|nz|jp|br"
# Nothing without one of these can become a link.
LINK_PATTERN: Final = rf"(?:https?|mailto):|@(?!\s|\Z)|\.(?:{_TOP_LEVEL}|xn--)"
# A message with more than this many of them is shown without bare links (some 35 µs are spent on each).
MAX_BARE_LINKS: Final = 400

_HINT = re.compile(LINK_PATTERN, re.IGNORECASE)
_WORD = re.compile(r"\S+")
_SAFE = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
_SCHEMES = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
_RESTARTS = re.compile(r'[$+=^`|"(<>]')
_SCHEME_BEFORE = re.compile(r"(?:^|[^a-z0-9.+-])(https?)$", re.IGNORECASE)
# linkify-it goes over the rest of a word again from every place where a link may start, so the length of a
# word and the number of such places are limited. 2,048: the longest address that old browsers took.
_MAX_WORD: Final = 2_048
_MAX_SCHEMES: Final = 10
_MAX_RESTARTS: Final = 20


def is_safe_address(address: str) -> bool:
    """Only absolute http and https addresses, and mail."""
    return _SAFE.match(address) is not None


def normal_address(address: str) -> str:
    """Percent-encode what has to be; an address that may not be linked is not looked at."""
    return normalizeLink(address) if is_safe_address(address) else ""


def count_hints(text: str) -> int:
    """How many bare links there can be at most."""
    return sum(1 for _ in _HINT.finditer(text))


class BoundedLinkify(LinkifyIt):
    """linkify-it word by word (no link contains a space), in linear time."""

    def __init__(self, *, guess: bool = True) -> None:
        """Find "https://…", and, with `guess`, "example.com" and "ada@example.com" as well."""
        super().__init__(options={"fuzzy_link": guess, "fuzzy_email": guess})
        self.tlds(_TOP_LEVEL.split("|"))
        self.add("//", None).add("ftp:", None)
        self._strict = BoundedLinkify(guess=False) if guess else None

    def pretest(self, text: str) -> bool:
        """Whether there may be a link."""
        return _HINT.search(text) is not None

    test = pretest

    def match(self, text: str) -> list[Match] | None:
        """Return all links of the text, in order."""
        found = []
        for word in _WORD.finditer(text):
            for link in self._match_word(word[0]):
                link.index += word.start()
                link.last_index += word.start()
                found.append(link)
        return found or None

    def match_at_start(self, text: str) -> Match | None:
        """Return the link that the text begins with."""
        word = _WORD.match(text, 0, _MAX_WORD + 1)
        if word is None or word.end() > _MAX_WORD or len(_SCHEMES.findall(word[0])) > _MAX_SCHEMES:
            return None
        return super().match_at_start(word[0])

    def _match_word(self, word: str) -> list[Match]:
        if len(word) > _MAX_WORD or not self.pretest(word) or len(_SCHEMES.findall(word)) > _MAX_SCHEMES:
            return []
        if self._strict and len(_RESTARTS.findall(word)) > _MAX_RESTARTS:
            return self._strict.match(word) or []
        return super().match(word) or []


def link_as_typed(state: StateInline, silent: bool) -> bool:
    """Inline rule: keep `_` and `*` inside of https://… from becoming emphasis.

    It stands in for markdown-it's own rule, which looks through all text before each "://".
    """
    if not state.src.startswith("://", state.pos) or state.linkLevel > 0:
        return False
    scheme = _SCHEME_BEFORE.search(state.pending[-6:])
    link = (
        state.md.linkify
        and scheme
        and state.md.linkify.match_at_start(state.src[state.pos - len(scheme[1]) :])
    )
    if not link or not scheme:
        return False
    address = link.url.rstrip("*")
    if not silent:
        state.pending = state.pending[: -len(scheme[1])]
        opening = state.push("link_open", "a", 1)
        opening.attrs = {"href": normal_address(address)}
        opening.markup, opening.info = "linkify", "auto"
        state.push("text", "", 0).content = address
        closing = state.push("link_close", "a", -1)
        closing.markup, closing.info = "linkify", "auto"
    state.pos += len(address) - len(scheme[1])
    return True
