"""Which addresses become links, and where an address in a text ends: linkify-it, with limits."""

import re
import unicodedata
from collections import Counter
from typing import Final

from linkify_it import LinkifyIt
from linkify_it.main import Match
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_inline import StateInline

# Top-level domains that are linked without "https://". linkify-it's own rule, any two letters, would link
# main.py, run.sh, lib.rs and "great.so", which are file names and missing spaces in a team's messages.
_TOP_LEVEL: Final = "com|org|net|edu|gov|info|io|dev|app|eu|de|ch|uk|fr|nl|es|pt|dk|se|fi|cz|ca|au|nz|jp|br"
# Text without a match of this pattern contains no link.
LINK_PATTERN: Final = rf"(?:https?|mailto):|@(?!\s|\Z)|\.(?:{_TOP_LEVEL}|xn--)"
# A message with more matches than this is shown without bare links (each takes about 35 µs).
MAX_BARE_LINKS: Final = 400

_HINT = re.compile(LINK_PATTERN, re.IGNORECASE)
# Full-width punctuation ends an address, as space does, since Chinese and Japanese put no space after it.
_FULL_WIDTH: Final = (
    "\u3001-\u3003\u3008-\u3011\u3014-\u301b\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f\uff5e-\uff65"
)
_WORD = re.compile(rf"[^\s{_FULL_WIDTH}]+")
# Punctuation outside ASCII that belongs to the sentence when it stands after an address, such as ” … ؟ ।.
_AFTER_ADDRESS: Final = "".join(
    character for character in map(chr, range(0x80, 0x10000)) if unicodedata.category(character)[0] == "P"
)
# Hosts that linkify-it does not know: IP version 6, and names with "_" in a company's network.
_LABEL: Final = r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?"
_OTHER_HOST: Final = rf"(?:\[[0-9a-f:.]{{2,45}}\]|{_LABEL}(?:\.{_LABEL}){{0,8}})"
_SAFE = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
_SCHEMES = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
_RESTARTS = re.compile(r'[$+=^`|"(<>]')
_SCHEME_BEFORE = re.compile(r"(?:^|[^a-z0-9.+-])(https?)$", re.IGNORECASE)
# linkify-it scans the rest of a word again from every position where a link may start. So the length of a
# word and the number of such positions are limited. 2,048: the longest address that old browsers accepted.
_MAX_WORD: Final = 2_048
_MAX_SCHEMES: Final = 10
_MAX_RESTARTS: Final = 20


def is_safe_address(address: str) -> bool:
    """Whether the address may be linked: absolute http and https addresses, and mailto."""
    return _SAFE.match(address) is not None


def normal_address(address: str) -> str:
    """Return the address percent-encoded, or "" if it may not be linked. "www.example.com" may."""
    if not is_safe_address(address):
        links = _LINKIFY.match(address) or []
        address = links[0].url if links and links[0].raw == address else ""
    return normalizeLink(address) if address else ""


def count_hints(text: str) -> int:
    """The maximum number of bare links that the text can contain."""
    return sum(1 for _ in _HINT.finditer(text))


class BoundedLinkify(LinkifyIt):
    """linkify-it in linear time: applied word by word, since no link contains a space."""

    def __init__(self, *, fuzzy: bool = True) -> None:
        """Find "https://…", and with `fuzzy` also "example.com" and "ada@example.com"."""
        super().__init__(options={"fuzzy_link": fuzzy, "fuzzy_email": fuzzy})
        self.tlds(_TOP_LEVEL.split("|"))
        self.add("//", None).add("ftp:", None)
        self._strict = BoundedLinkify(fuzzy=False) if fuzzy else None

    def pretest(self, text: str) -> bool:
        """Whether the text may contain a link."""
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
        """Return the link at the start of the text, or None."""
        word = _WORD.match(text, 0, _MAX_WORD + 1)
        if word is None or word.end() > _MAX_WORD or len(_SCHEMES.findall(word[0])) > _MAX_SCHEMES:
            return None
        link = super().match_at_start(word[0])
        return link and _without_punctuation(link)

    def _match_word(self, word: str) -> list[Match]:
        if len(word) > _MAX_WORD or not self.pretest(word) or len(_SCHEMES.findall(word)) > _MAX_SCHEMES:
            return []
        if self._strict and len(_RESTARTS.findall(word)) > _MAX_RESTARTS:
            return self._strict.match(word) or []
        links = super().match(word) or []
        return [_without_punctuation(link) for link in links if not _is_remote_path(link, word)]

    def _validate_http(self, text: str, pos: int) -> int:
        """The length of the address whose "http:" ends at this position, or 0."""
        if length := super()._validate_http(text, pos):
            return length
        if "other_http" not in self.re:
            parts = (
                "//",
                self.re["src_auth"],
                _OTHER_HOST,
                self.re["src_port"],
                r"(?![\w.:-])",
                self.re["src_path"],
            )
            self.re["other_http"] = re.compile("".join(parts), re.IGNORECASE)
        address = self.re["other_http"].match(text, pos)
        return len(address[0]) if address else 0


def _without_punctuation(link: Match) -> Match:
    length = len(link.raw.rstrip(_AFTER_ADDRESS).removesuffix("||"))  # the end of a spoiler
    surplus = len(link.raw) - length
    if surplus:
        link.raw, link.text = link.raw[:length], link.text[:-surplus]
        link.url, link.last_index = link.url[:-surplus], link.last_index - surplus
    return link


def _is_remote_path(link: Match, word: str) -> bool:
    """Whether what looks like an e-mail address is the beginning of `git@github.com:foo/bar.git`."""
    is_bare_email = link.schema == "mailto:" and not link.raw.lower().startswith("mailto:")
    return is_bare_email and re.match(r"[:/]\S", word[link.last_index :]) is not None


_LINKIFY: Final = BoundedLinkify()


def link_as_typed(state: StateInline, silent: bool) -> bool:
    """Inline rule: `_`, `*` and `~~` inside https://… are no emphasis. After it they close what is open.

    It replaces markdown-it's own rule, which searches all text before each "://".
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
    address = link.url.rstrip("*" + _open_marks(state))
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


def _open_marks(state: StateInline) -> str:
    """The marks of emphasis that have been opened and not closed before the state's position."""
    marks = Counter({ord("_"): 0, ord("~"): 0})
    for delimiter in state.delimiters:
        marks[delimiter.marker] += delimiter.open or -delimiter.close
    return "".join(chr(mark) for mark, count in marks.items() if count > 0)
