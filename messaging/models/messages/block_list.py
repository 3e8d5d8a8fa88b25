"""Words and links that messages must not contain, if the site's administrators have listed some.

Each process keeps the lists that it read last, and checks a text before it takes any lock. Sending checks
under the lock, in a query that it makes anyway, that these are still the site's lists (`send_conditions.py`);
if not, they are read again. So no message slips through in a process that has not heard of a change.
"""

import hashlib
import html
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db.models import Exists
from django.utils.translation import gettext_lazy as _

from messaging.models.db.refusals import Refused
from messaging.models.site.installation import Installation
from messaging.text.scripts import SPACED_LETTER, UNSPACED_CLASS
from messaging.text.search_words import own_text

CONDITION = "block_list"  # the name of the condition that the lists are still the site's
BLOCKED = "blocked"  # the code of the refusal
ATTEMPTS = 5  # administrators do not change the lists faster than that
_UNSPACED = re.compile(f"[{UNSPACED_CLASS}]")
HREF = re.compile(r'href="(https?://[^"]*)"', re.IGNORECASE)


@dataclass(frozen=True)
class BlockList:
    """What is not allowed. `key` identifies this content; it is empty if nothing is listed."""

    key: str = ""
    words: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(_pattern_of(_folded(word)) for word in self.words))

    def refuse(self, typed: Iterable[str], rendered: str) -> None:
        """Check a message.

        Args:
            typed: its text, and the choices of its poll.
            rendered: its HTML. Its words are compared too, since marks in a word do not show; and its links.

        Raises:
            ValidationError: it contains something that is not allowed; the message says what.
        """
        for text in (*typed, own_text(rendered)) if self.words else ():
            if found := self._pattern.search(_folded(text)):
                raise _not_allowed(found[0])
        for link in HREF.findall(rendered) if self.hosts else ():
            host = _host(html.unescape(link))
            if any(host == one or host.endswith(f".{one}") for one in self.hosts):
                raise _not_allowed(host)


_known = BlockList()


def key_of(words: str, hosts: str) -> str:
    """The `key` of lists with one entry in each line."""
    return hashlib.sha256(f"{words}\0{hosts}".encode()).hexdigest() if words or hosts else ""


def with_block_list(write: Callable[[BlockList], None]) -> None:
    """Call `write` with the lists; again with newer ones, if it refused something by old ones."""
    global _known
    for attempt in range(ATTEMPTS):
        try:
            write(_known)
        except (Refused, ValidationError) as refused:
            if getattr(refused, "code", "") not in (CONDITION, BLOCKED) or attempt == ATTEMPTS - 1:
                raise
            site = Installation.objects.current()
            if site.block_key == _known.key and isinstance(refused, ValidationError):
                raise
            words, hosts = site.blocked_words.split("\n"), site.blocked_hosts.split("\n")
            _known = BlockList(site.block_key, tuple(filter(None, words)), tuple(filter(None, hosts)))
        else:
            return


def is_current(key: str) -> Exists:
    """That the lists with this key are still those of the site."""
    return Exists(Installation.objects.row().filter(block_key=key))


def _pattern_of(word: str) -> str:
    """What finds this word, but not as a part of another one.

    A script without spaces between words has no ends of words: there it is found within a sentence, as
    keywords are.
    """
    letters = word.removesuffix("*")
    ending = f"{SPACED_LETTER}*" if letters != word else ""
    before = "" if _UNSPACED.match(letters[:1]) else f"(?<!{SPACED_LETTER})"
    after = "" if _UNSPACED.match(letters[-1:]) and not ending else f"(?!{SPACED_LETTER})"
    return f"{before}{re.escape(letters)}{ending}{after}"


def _folded(text: str) -> str:
    """Without case, and without characters that do not show, such as soft hyphens."""
    shown = (one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
    return " ".join("".join(shown).casefold().split())


def _host(link: str) -> str:
    try:
        return (urlsplit(link).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _not_allowed(what: str) -> ValidationError:
    sentence = _(
        "“%(what)s” is not allowed in messages here, so yours was not sent. Change it and try again."
    )
    return ValidationError(sentence, code=BLOCKED, params={"what": what})
