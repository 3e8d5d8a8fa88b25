"""Mentions such as `@ada`: finding them, and removing their markup again."""

import re
from collections.abc import Iterator
from typing import Final

# Not inside a word, an address or a path. A trailing "." or "-" belongs to the sentence. 150 characters is
# the length of Django's longest username.
MENTION: Final = re.compile(r"(?<![\w@/.])@([A-Za-z0-9_.-]{0,149}[A-Za-z0-9_])(?![\w@])")


def find_mentions(text: str, before: str = "") -> Iterator[tuple[int, int, str]]:
    """Yield start, end and lower-case name of each mention. `before` is the character before the text."""
    for match in MENTION.finditer(before + text, len(before)):
        yield match.start() - len(before), match.end() - len(before), match[1].lower()


def mention_span(text: str) -> str:
    """Return the HTML of a mention. Its text (`@Ada`) needs no escaping, see MENTION."""
    return f'<span class="mention">{text}</span>'


def unlink_mentions(html: str, username: str) -> str:
    """Remove the markup of every mention of that person in rendered HTML. The text stays the same."""
    span = mention_span(f"(@{re.escape(username)})")
    return re.sub(span, r"\1", html, flags=re.IGNORECASE | re.ASCII)
