"""With PARLEY_TEST_PSEUDO=1 all browser tests run in a language that marks each translated text, by signs
that nobody sees. A test fails if a page shows a text that has no marks and that no person wrote.

All that a page shows is looked at, also what scripts show later. Playwright itself passes over the marks
where it looks for texts; from what it answers they are removed here.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import Any, Final

import pytest
from django.db.backends.utils import CursorWrapper
from playwright._impl.transport import Transport
from playwright.sync_api import BrowserContext

from tests.known_words import is_known, stored_words, words_of
from tests.pseudo import INVISIBLE
from tests.visible_texts import bare_texts

IS_ON: Final = os.environ.get("PARLEY_TEST_PSEUDO") == "1"
SCRIPT: Final = Path(__file__).with_suffix(".js")
# For pages without script: what the file above does, once.
SHOWN: Final = """() => {
  const { lang, outerHTML } = document.documentElement;
  return lang === "en" ? outerHTML.replaceAll("\\u200b\\u200b", "⟦").replaceAll("\\u00ad\\u00ad", "⟧") : "";
}"""
# What a browser writes in its own language: dates.
BY_BROWSER: Final = words_of(
    "January February March April May June July August September October November December "
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec "
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Wed Thu Fri Sat Sun am pm a.m. p.m. at"
)
CONFIGURED: Final = {"Acme"}  # the identity provider of the tests is called so by a setting
FOUND_PART: Final = re.compile(r"</?mark\b[^>]*>")  # around the part of a word that was searched for
TYPING: Final = {"fill", "type", "insertText", "keyboardType", "keyboardInsertText", "setInputFiles"}


class Shown:
    """What pages showed, and what people wrote, in one test."""

    def __init__(self, is_on: bool = True) -> None:
        self.pages: dict[str, str] = {}  # the address where a piece of HTML was seen first
        self.words: set[str] = set()
        self._is_on = is_on
        self._silent: list[tuple[BrowserContext, str]] = []  # without script, and the address of their pages

    def watch(self, context: BrowserContext, script: bool = True, address: str = "") -> None:
        """Look at all that the pages of a browser profile show from now on, if they are at this address."""
        if self._is_on and script:
            context.expose_binding("shownHtml", partial(self._tell, address))
            context.add_init_script(path=SCRIPT)
        elif self._is_on:
            self._silent.append((context, address))

    def look(self) -> None:
        """Look at the open pages without script, before they are closed."""
        for context, address in self._silent:
            for page in context.pages:
                self._keep(address, page.url, page.evaluate(SHOWN))

    def _tell(self, address: str, source: Any, html: str) -> None:
        self._keep(address, source["page"].url, html)

    def _keep(self, address: str, url: str, html: str) -> None:
        if url.startswith(address):
            self.pages.setdefault(html, url)

    def bare(self) -> dict[str, str]:
        """Each text that no translation has, and the address of the page that showed it first."""
        words = self.words | BY_BROWSER | CONFIGURED
        return {
            text: url
            for html, url in self.pages.items()
            for text in bare_texts(FOUND_PART.sub("", html))
            if not is_known(text, words)
        }


@pytest.fixture
def shown(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shown]:
    """What the pages of this test show, if this run is in the marked language."""
    shown = Shown(IS_ON)
    if not IS_ON:
        yield shown
        return
    _hear_what_is_written(shown, monkeypatch)
    yield shown
    shown.words |= stored_words()
    bare = shown.bare()
    assert not bare, f"No translation has {bare}"


def _hear_what_is_written(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows may be gone when the test ends, and what is typed may never be sent."""
    for name in ("execute", "executemany"):
        monkeypatch.setattr(CursorWrapper, name, _heard(getattr(CursorWrapper, name), shown))
    send = Transport.serialize_message

    def serialize_message(self: Transport, message: dict[str, Any]) -> bytes:
        parameters = message.get("params", {})
        is_typed = message.get("method") in TYPING  # else a script may paste it
        shown.words.update(words_of(parameters if is_typed else parameters.get("arg")))
        return send(self, message)

    monkeypatch.setattr(Transport, "serialize_message", serialize_message)


def _heard(execute: Any, shown: Shown) -> Any:
    @wraps(execute)
    def heard(self: CursorWrapper, sql: str, params: Any = None) -> Any:
        if params and sql.startswith(("INSERT", "UPDATE")):
            shown.words.update(words_of(params))
        return execute(self, sql, params)

    return heard


@contextmanager
def removed_from_answers() -> Iterator[None]:
    """Nothing that Playwright answers has marks, such as the text of an element."""
    read = Transport.deserialize_message

    def deserialize_message(self: Transport, data: str | bytes) -> Any:
        for mark in (INVISIBLE.begin, INVISIBLE.end):
            data = data.replace(mark, "") if isinstance(data, str) else data.replace(mark.encode(), b"")
        return read(self, data)

    with pytest.MonkeyPatch.context() as patch:
        if IS_ON:
            patch.setattr(Transport, "deserialize_message", deserialize_message)
        yield
