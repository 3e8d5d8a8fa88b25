"""Plain excerpts of rendered messages, for lists that show the beginning of each message."""

import html
import re

INLINE = re.compile(r"</?(?:a|code|del|em|s|span|strong)\b[^>]*>")
TAG = re.compile(r"<[^>]*(?:>|\Z)")  # the last tag may be cut off


def excerpt_of(content_html: str, length: int) -> str:
    """The first words of a message as plain text.

    Args:
        content_html: the result of `render()`, in which every `<` belongs to a tag.
        length: the maximum number of characters. If text was cut off, the last one is an ellipsis.
    """
    beginning = INLINE.sub("", content_html[: 20 * length])
    words = " ".join(html.unescape(TAG.sub(" ", beginning)).split())
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"
