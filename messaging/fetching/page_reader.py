"""A program that reads what a page says about itself: it reads HTML from its standard input, and writes JSON.
Its argument is the charset that the server named, or nothing.

It runs in a process of its own, with limits of time and memory, because a parser can take minutes for a page
that was made for that. It imports nothing of Parley, so that it starts quickly.
"""

import codecs
import json
import re
import sys
from html.parser import HTMLParser
from typing import Final

if sys.platform != "win32":
    import resource

CPU_SECONDS: Final = 3
MEMORY_BYTES: Final = 512 * 1024 * 1024
LONGEST: Final = 3000  # characters of one value
# The names of each value, the best first. `<title>` is the last of the titles.
NAMES: Final = {
    "title": ("og:title", "twitter:title", "title"),
    "description": ("og:description", "twitter:description", "description"),
    "site_name": ("og:site_name",),
    "picture": ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"),
}
_WANTED: Final = frozenset(name for names in NAMES.values() for name in names)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Those of the Encoding Standard, as Python calls them; others decode to something else than a browser shows.
_CHARSETS: Final = re.compile(
    "utf-8|utf-16-[lb]e|cp(125[0-8]|866|874|932|949)|iso8859-([2-8]|1[0-6])|koi8-[ru]|mac-(roman|cyrillic)"
    "|gbk|gb18030|big5(hkscs)?|euc_(jp|kr)|iso2022_jp|shift_jis"
)
_ALIASES: Final = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gbk", "utf-16": "utf-16-le"}
_DECLARED: Final = re.compile(
    rb"<meta[^>]{1,200}charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:-]{2,40})", re.IGNORECASE
)
_SEARCHED_BYTES: Final = 4096  # in which a page can declare its charset


class HeadEnd(Exception):
    """What a page says about itself has been read."""


class Head(HTMLParser):
    """Collects the values of `NAMES`, the first of each, until the body begins."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._is_in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            raise HeadEnd
        if tag == "title" and "title" not in self.values:
            self._is_in_title, self.values["title"] = True, ""
        if tag == "meta":
            given = {name: value or "" for name, value in attrs}
            name = (given.get("property") or given.get("name") or "").strip().lower()
            # Not "title", which is the element's.
            if name in _WANTED and name != "title" and given.get("content", "").strip():
                self.values.setdefault(name, given["content"][:LONGEST])

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._is_in_title = False
        if tag == "head":
            raise HeadEnd

    def handle_data(self, data: str) -> None:
        if self._is_in_title and len(self.values["title"]) < LONGEST:
            self.values["title"] += data[:LONGEST]


def read(page: bytes, charset: str = "") -> dict[str, str]:
    """The values of `NAMES` that the page has, as plain text."""
    head = Head()
    try:
        head.feed(_decoded(page, charset))
        head.close()
    except HeadEnd:
        pass
    found = {
        key: next((head.values[name] for name in names if head.values.get(name, "").strip()), "")
        for key, names in NAMES.items()
    }
    return {key: value for key, value in found.items() if value}


def _decoded(page: bytes, charset: str) -> str:
    for mark, its_charset in _MARKS:
        if page.startswith(mark):
            return page[len(mark) :].decode(its_charset, "replace")
    declared = _DECLARED.search(page[:_SEARCHED_BYTES])
    name = _known(charset) or (_known(declared[1].decode("ascii")) if declared else "")
    return page.decode(name or "utf-8", "replace")


def _known(charset: str) -> str:
    """Python's name of a charset; empty if it is none that pages have."""
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        return ""
    name = _ALIASES.get(name, name)
    return name if _CHARSETS.fullmatch(name) else ""


def _limit() -> None:
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _main() -> None:
    _limit()
    page = sys.stdin.buffer.read()
    sys.stdout.write(json.dumps(read(page, *sys.argv[1:])))


if __name__ == "__main__":
    _main()
