"""Each block of code in a message has a button that copies it (`static/js/copying.js`)."""

import re
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

# Whole tags, so that nothing in an attribute is taken for one.
_TAG: Final = re.compile(r'<[^>"]*(?:"[^"]*"[^>"]*)*>')


def with_copy_buttons(content_html: str) -> SafeString:
    """The HTML of a message's text, with a button before each block of code.

    Args:
        content_html: as `messaging.text` made it.
    """
    if "<pre>" not in content_html:
        return SafeString(content_html)  # nosec B703 - as `messaging.text` made it
    button = format_html(
        '<div class="code"><button class="copies-code with-script" type="button" data-copies-code '
        'data-copied="{copied}" aria-label="{label}">{copy}</button><pre>',
        copied=_("Copied"),
        label=_("Copy this code"),
        copy=_("Copy"),
    )
    around = {"<pre>": button, "</pre>": "</pre></div>"}
    html = _TAG.sub(lambda tag: around.get(tag[0], tag[0]), content_html)
    return SafeString(html)  # nosec B703 - as `messaging.text` made it, and a button
