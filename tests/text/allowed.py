"""What rendered HTML may contain, written down a second time, apart from the product's own list."""

import re
from html.parser import HTMLParser

# Text, blocks, tables.
_TEXT = {"p", "br", "strong", "em", "s", "code", "a", "span", "img"}
TAGS = _TEXT | {"pre", "blockquote", "ul", "ol", "li", "hr"} | {"table", "thead", "tbody", "tr", "th", "td"}
REL = "noopener noreferrer nofollow ugc"
ADDRESS = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
EMOJI = re.compile(r"/emoji/[0-9a-f]{32}\.webp")
EMOJI_NAME = re.compile(r":[a-z0-9_+-]+:")
PERSON = re.compile(r"/people/\d+/")
SPAN_CLASS = re.compile(r"[cgkmnos][a-z]?")
CODE_CLASS = re.compile(r"language-[a-z-]+")
# Controls, surrogates, bidi overrides and isolates, noncharacters.
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff]")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.violations: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS or (tag == "img" and "src" not in dict(attrs)):
            self.violations.append(f"<{tag}>")
        for name, value in attrs:
            if not _is_allowed(tag, name, value or ""):
                self.violations.append(f"<{tag} {name}={value!r}>")

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.violations.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.violations.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.violations.append(f"<?{data}>")

    unknown_decl = handle_pi


def _is_allowed(tag: str, name: str, value: str) -> bool:
    match tag, name:
        case "a", "href":
            return ADDRESS.match(value) is not None or PERSON.fullmatch(value) is not None
        case "a", "class":
            return value == "mention"
        case "img", "src":
            return EMOJI.fullmatch(value) is not None
        case "img", "alt" | "title":
            return EMOJI_NAME.fullmatch(value) is not None
        case "img", "class":
            return value == "custom-emoji"
        case "li" | "blockquote" | "table", "dir":
            return value == "auto"
        case "code", "dir":
            return value == "ltr"
        case "a", "dir":
            return value in ("auto", "ltr")
        case "li", "class":
            return value == "task"
        case "li", "value":
            return value.isdecimal()
        case "a", "rel":
            return value == REL
        case "ol", "start":
            return value.isdecimal()
        case "p", "class":
            return value == "large-emoji"
        case "span", "class":
            return value in ("spoiler", "tick", "ticked") or SPAN_CLASS.fullmatch(value) is not None
        case "code", "class":
            return CODE_CLASS.fullmatch(value) is not None
    return False


def violations(html: str) -> list[str]:
    """Return everything in the HTML that is not allowed."""
    reader = _read(html)
    return reader.violations + [repr(character) for character in HIDDEN.findall(html)]


def visible_text(html: str) -> str:
    """Return what a reader sees."""
    return _read(html).text


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader
