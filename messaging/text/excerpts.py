"""The words of a rendered text, without its shape: for lists that show where something was said."""

import html
import re

INLINE = re.compile(r"</?(?:a|code|del|em|s|span|strong)\b[^>]*>")
TAG = re.compile(r"<[^>]*(?:>|\Z)")  # the last one may be cut off


def excerpt_of(content_html: str, length: int) -> str:
    """The first words of a message as plain text.

    Args:
        content_html: what `render()` made, so every `<` in it belongs to a tag.
        length: characters at the most; where more was cut off the last is an ellipsis.
    """
    beginning = INLINE.sub("", content_html[: 20 * length])
    words = " ".join(html.unescape(TAG.sub(" ", beginning)).split())
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"
