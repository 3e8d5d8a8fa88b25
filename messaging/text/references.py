"""Links in a rendered message to other messages, in the form that "Copy link" gives them.

Which site a link leads to is not known here: the text of a message is the same on every address of a site.
"""

import re
from typing import Final, NamedTuple

from .excerpts import without_spoilers
from .mentions import LINK_REL

MAX_REFERENCES: Final = 3  # of a message; other links to messages stay links

_HOST: Final = r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?"
_ADDRESS: Final = rf"https?://({_HOST})/messages/([1-9][0-9]{{0,18}})/"
_LINK: Final = re.compile(rf'<(/?)blockquote\b|<a href="(?:{_ADDRESS})"')
_AT_END: Final = re.compile(rf'<p><a href="({_ADDRESS})"(?: dir="ltr")? rel="{LINK_REL}">\1</a></p>\Z')


class Reference(NamedTuple):
    """A link to a message: the host in lower case, with its port, and the id."""

    host: str
    pk: int

    def __str__(self) -> str:
        return f"{self.host}/{self.pk}"


def references_in(content_html: str) -> list[Reference]:
    """The first messages that a text links to, each once. Links in quotes and in spoilers do not count.

    Args:
        content_html: a result of `render`.
    """
    if "/messages/" not in content_html:
        return []
    quotes = 0
    found: dict[Reference, None] = {}  # in order, each once
    for link in _LINK.finditer(without_spoilers(content_html)):
        if link[3]:
            if not quotes:
                found[Reference(link[2].lower(), int(link[3]))] = None
        else:
            quotes += -1 if link[1] else 1
    return list(found)[:MAX_REFERENCES]


def ends_with_link(content_html: str) -> bool:
    """Whether the last paragraph of a text is nothing but the address of a message."""
    return _AT_END.search(content_html) is not None
