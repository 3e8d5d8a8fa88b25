"""The allow-list of HTML. It is the last step of every rendering, and decides alone which HTML is allowed."""

from typing import Final

import nh3

from .highlighting import HIGHLIGHT_CLASSES, LANGUAGES

_TAG_NAMES: Final = "p br strong em s code pre blockquote ul ol li hr a span table thead tbody tr th td"
TAGS: Final = frozenset(_TAG_NAMES.split())
# `class` is missing on purpose: classes are allowed one by one. Without "*", nh3 allows `title` and `lang`.
ATTRIBUTES: Final = {"*": set[str](), "a": {"href"}, "ol": {"start"}}
CLASSES: Final = {
    "span": {"mention", *HIGHLIGHT_CLASSES},
    "code": {f"language-{name}" for name in LANGUAGES.values()},
}
SCHEMES: Final = frozenset({"http", "https", "mailto"})
LINK_REL: Final = "noopener noreferrer nofollow ugc"

_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes=ATTRIBUTES,
    allowed_classes=CLASSES,
    url_schemes=set(SCHEMES),
    url_relative="deny",
    link_rel=LINK_REL,
)


def sanitize(html: str) -> str:
    """Return the HTML without anything that is not in the allow-list."""
    return _CLEANER.clean(html)
