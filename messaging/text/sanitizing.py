"""The allow-list of HTML. It is the last step of every rendering, and decides alone which HTML is allowed."""

import re
from typing import Final

import nh3

from .emoji import PICTURE_PATH
from .highlighting import HIGHLIGHT_CLASSES, LANGUAGES
from .large_emoji import LARGE_CLASS
from .mentions import LINK_REL, MANY_PATH, PERSON_PATH
from .room_names import ROOM_CLASS, ROOM_PATH
from .spoilers import SPOILER_CLASS
from .tasks import DONE_CLASS, OPEN_CLASS, TASK_CLASS

_TAG_NAMES: Final = "p br strong em s code pre blockquote ul ol li hr a span img table thead tbody tr th td"
TAGS: Final = frozenset(_TAG_NAMES.split())
# `class` is missing on purpose: classes are allowed one by one. Without "*", nh3 allows `title` and `lang`.
ATTRIBUTES: Final = {
    "*": set[str](),
    "a": {"href", "dir"},
    "blockquote": {"dir"},
    "code": {"dir"},
    "img": {"src", "alt", "title"},
    "li": {"dir", "value"},
    "ol": {"start"},
    "table": {"dir"},
}
CLASSES: Final = {
    "a": {"mention", ROOM_CLASS},
    "img": {"custom-emoji"},
    "li": {TASK_CLASS},
    "p": {LARGE_CLASS},
    "span": {*HIGHLIGHT_CLASSES, SPOILER_CLASS, OPEN_CLASS, DONE_CLASS},
    "code": {f"language-{name}" for name in LANGUAGES.values()},
}
SCHEMES: Final = frozenset({"http", "https", "mailto"})
_SCHEME: Final = re.compile("(?:{}):".format("|".join(SCHEMES)), re.IGNORECASE)

_NO_PICTURE: Final = re.compile('<img(?![^>]* src=")[^>]*>')  # whose address was not allowed


def _allowed_value(tag: str, name: str, value: str) -> str | None:
    """Of the addresses without a scheme, only those of mentions and rooms are allowed; of pictures, only
    those of custom emoji."""
    if name == "src":
        return value if PICTURE_PATH.fullmatch(value) else None
    is_relative = name == "href" and _SCHEME.match(value) is None
    return None if is_relative and not _is_ours(value) else value


def _is_ours(address: str) -> bool:
    return any(path.fullmatch(address) for path in (PERSON_PATH, MANY_PATH, ROOM_PATH))


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes=ATTRIBUTES,
    allowed_classes=CLASSES,
    url_schemes=set(SCHEMES),
    url_relative="pass_through",
    attribute_filter=_allowed_value,
    link_rel=LINK_REL,
)


def sanitize(html: str) -> str:
    """Return the HTML without anything that is not in the allow-list."""
    return _NO_PICTURE.sub("", _CLEANER.clean(html))
