"""The links of a message that a preview can be shown of."""

from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

from .spoilers import SPOILER_CLASS

MAX_PREVIEWED: Final = 3  # links of one message, the first
_BEGINNING: Final = '<a href="http'
_WITHOUT: Final = frozenset({"code", "pre", "blockquote"})
_VOID: Final = frozenset({"br", "hr", "img"})


def preview_links(content_html: str, own_host: str) -> list[str]:
    """The first links to pages outside code, quotes and spoilers, each page once.

    Args:
        content_html: the result of `render()`, in which all elements are closed.
        own_host: links to this host are left out.
    """
    if _BEGINNING not in content_html.lower():
        return []
    found = _Links(own_host)
    found.feed(content_html)
    found.close()
    return list(found.links.values())[:MAX_PREVIEWED]


def host_of(link: str) -> str:
    """The host of a link; empty if it has none."""
    try:
        return urlsplit(link).hostname or ""
    except ValueError:
        return ""


class _Links(HTMLParser):
    """Collects links. `links` has each without its fragment, and as it was first written."""

    def __init__(self, own_host: str) -> None:
        super().__init__()
        self._own_host = own_host
        self.links: dict[str, str] = {}
        self._hiding: list[bool] = []  # for each open element: whether links in it are left out

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and not any(self._hiding):
            link = values.get("href") or ""
            if link.lower().startswith(("http://", "https://")) and host_of(link) != self._own_host:
                self.links.setdefault(link.partition("#")[0], link)
        if tag not in _VOID:
            self._hiding.append(tag in _WITHOUT or SPOILER_CLASS in (values.get("class") or "").split())

    def handle_endtag(self, tag: str) -> None:
        if self._hiding:
            self._hiding.pop()
