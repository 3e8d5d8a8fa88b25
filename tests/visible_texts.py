"""What people read or hear of a page and that is in no translation: for pages in the language of `pseudo`."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

from tests.pseudo import BEGIN, END

NOT_SHOWN: Final = {"script", "style", "code", "kbd"}  # what is typed is the same in all languages
SHOWN_ATTRIBUTES: Final = ("title", "aria-label", "placeholder", "alt", "aria-description", "label")


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._depth = 0  # of what is translated
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in NOT_SHOWN
        attributes = {name: value or "" for name, value in attrs}
        shown = [attributes[name] for name in SHOWN_ATTRIBUTES if name in attributes]
        if tag == "input" and attributes.get("type") in ("submit", "button"):
            shown.append(attributes.get("value", ""))
        for text in shown:
            self.found += _outside(text, 0)[0]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in NOT_SHOWN

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            texts, self._depth = _outside(data, self._depth)
            self.found += texts


def _outside(text: str, depth: int) -> tuple[list[str], int]:
    """What of a text is outside of all translations, and how many are still open at its end."""
    found, begun = [], ""
    for sign in text:
        if sign == BEGIN:
            depth += 1
        elif sign == END:
            depth -= 1
        elif depth == 0:
            begun += sign
            continue
        found.append(begun)
        begun = ""
    return [*found, begun], depth


def bare_texts(html: str) -> Iterator[str]:
    """The texts of a page with at least one word that no translation has."""
    parser = _Texts()
    parser.feed(html)
    parser.close()
    for text in parser.found:
        if any(sign.isalpha() for sign in text):
            yield " ".join(text.split())
