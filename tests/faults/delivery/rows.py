"""The rows of a message list as a reader sees them, and the badges beside it, from the server's HTML."""

from types import SimpleNamespace
from typing import NamedTuple

from tests.views.page import Element, Page


class Row(NamedTuple):
    """A message as it is shown. `replies` is what its summary says, empty without one."""

    pk: int
    seq: int
    version: int
    client: str
    author: str
    text: str
    is_removed: bool
    is_edited: bool
    replies: str


class Parts(NamedTuple):
    """The rows that an event or an answer brings: new ones, and those that replace what is shown."""

    born: list[Row]
    changed: list[Row]


def page_of(html: str) -> Page:
    return Page(SimpleNamespace(content=html.encode()))


def rows_in(page: Page) -> list[Row]:
    """The timeline's rows, in the order in which the page shows them."""
    return [_row(article, inside) for article, inside in _articles(page) if _is_in_row(article)]


def parts_in(html: str) -> Parts:
    page = page_of(html)
    changed = [_row(one, inside) for one, inside in _articles(page) if _partial_of(one).startswith("#m-")]
    return Parts(rows_in(page), changed)


def badges_in(page: Page) -> dict[str, int]:
    """What the sidebar counts, by the conversation's id, without those where nothing is unread."""
    found = {}
    for badge in page.all("badge"):
        name = badge.attributes.get("id", "").removeprefix("badge-")
        if name.isdigit() and "hidden" not in badge.attributes:
            found[name] = _number(badge.text.split()[0])
    return found


def cursor_in(page: Page) -> str:
    return next(one.attributes["data-cursor"] for one in page.elements if "data-cursor" in one.attributes)


def viewer_in(page: Page) -> str:
    return next(one.attributes["data-viewer"] for one in page.elements if one.tag == "body")


def _articles(page: Page) -> list[tuple[Element, list[Element]]]:
    """Each message's element, with those that are inside it."""
    found: dict[int, tuple[Element, list[Element]]] = {}
    for element in page.elements:
        if "message" in element.classes:
            found[id(element)] = (element, [])
        for around in element.inside:
            if id(around) in found:
                found[id(around)][1].append(element)
    return list(found.values())


def _row(article: Element, inside: list[Element]) -> Row:
    def text_of(name: str) -> str:
        return next((one.text.strip() for one in inside if name in one.classes), "")

    attributes = article.attributes
    return Row(
        int(article.classes[1].removeprefix("message-")),
        int(attributes["data-seq"]),
        int(attributes["data-version"]),
        attributes["data-client"],
        attributes["data-author"],
        text_of("prose"),
        "removed" in article.classes,
        any("edited" in one.classes for one in inside),
        " ".join(text_of("summary").split("last")[0].split()[-2:]),
    )


def _is_in_row(element: Element) -> bool:
    return any(one.attributes.get("id", "").startswith("m-") for one in element.inside)


def _partial_of(element: Element) -> str:
    targets = [one.attributes.get("hx-target", "") for one in element.inside if one.tag == "hx-partial"]
    return targets[-1] if targets else ""


def _number(shown: str) -> int:
    """A count that goes further than it is shown ("99+") is one more than that."""
    return int(shown.removesuffix("+")) + shown.endswith("+")
