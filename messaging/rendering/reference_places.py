"""The place in the shared HTML of a message where cards of other messages may stand: it names what the text
links to, and is the same for everybody, whether these messages exist or not."""

import re
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

from messaging.text.references import ends_with_link, references_in

# No text of a person can contain either, because `<` is escaped in texts.
BEGIN: Final = b'<div class="references'
PLACE: Final = re.compile(r'<div class="references(?: at-end)?" data-messages="([^"]*)"></div>')


def place_html(content_html: str) -> SafeString | str:
    """The place below a text, or "" if it links to no message.

    It is `at-end` if the text ends with the address of the only message that it links to: the card says the
    same, so that the address is shown only to those who do not see the card.
    """
    references = references_in(content_html)
    if not references:
        return ""
    at_end = " at-end" if len(references) == 1 and ends_with_link(content_html) else ""
    linked = " ".join(map(str, references))
    return format_html('<div class="references{}" data-messages="{}"></div>', at_end, linked)
