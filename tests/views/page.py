"""A response as a reader sees it: its elements, its texts, and the values of its forms."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
Answer = Any  # a response of the test client, which has more attributes than its stubs
Shape = set[tuple[str, frozenset[str]]]  # elements, each with the names of its attributes
FRAGMENT = {
    "HX-Request": "true",
    "HX-Request-Type": "partial",
}  # the headers of an htmx request for a fragment


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    inside: list["Element"]  # its ancestors, outermost first
    pieces: list[str]  # the page's texts
    first: int  # the index of its first piece
    last: int | None = None

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    @property
    def text(self) -> str:
        """Its text, with that of its descendants."""
        return "".join(self.pieces[self.first : self.last])


class Page(HTMLParser):
    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self._pieces: list[str] = []
        self._templates = 0
        self.html = answer.content.decode()
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "template" or self._templates:  # the content of a <template> is not shown
            self._templates += tag == "template"
            return
        attributes = {name: value or "" for name, value in attrs}
        element = Element(tag, attributes, list(self._open), self._pieces, len(self._pieces))
        self.elements.append(element)
        if tag in VOID:
            element.last = element.first
        else:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if self._templates:
            self._templates -= tag == "template"
            return
        while any(element.tag == tag for element in self._open):
            element = self._open.pop()
            element.last = len(self._pieces)
            if element.tag == tag:
                break

    def handle_data(self, data: str) -> None:
        if not self._templates:
            self._pieces.append(data)

    def all(self, name: str) -> list[Element]:
        """The elements of this class."""
        return [element for element in self.elements if name in element.classes]

    def field_value(self, name: str = "content") -> str:
        """The value of the field with this name. LookupError if the page has no such field."""
        for element in self.elements:
            if element.attributes.get("name") == name:
                text = element.text if element.tag == "textarea" else element.attributes.get("value", "")
                return text.removeprefix("\n")
        raise LookupError(f"There is no field called {name}.")

    @property
    def searched(self) -> str:
        """What stands in the page's field for a search; the sidebar's filter and the switcher have theirs."""
        [field] = [one for one in self.elements if one.attributes.get("id") == "search-words"]
        return field.attributes.get("value", "")

    @property
    def links(self) -> list[str]:
        return [element.attributes["href"] for element in self.elements if "href" in element.attributes]

    @property
    def is_whole(self) -> bool:
        """Whether it is a page of its own, not a fragment."""
        return self.html.lstrip().startswith("<!DOCTYPE html>")

    def words(self) -> list[str]:
        """The texts of the messages, in the order in which they are shown."""
        return [element.text.strip() for element in self.all("prose")]

    def shape(self) -> Shape:
        """The tags and attribute names of all elements outside message texts."""
        outside = (
            one for one in self.elements if not any("prose" in around.classes for around in one.inside)
        )
        return {(element.tag, frozenset(element.attributes)) for element in outside}
