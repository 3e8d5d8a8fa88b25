"""Spoilers in messages: a checkbox opens each, also without script."""

import re
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

_SPOILER: Final = re.compile(r'<span class="spoiler">(.*?)</span>', re.DOTALL)  # it holds no other span


def with_checkboxes(content_html: SafeString) -> SafeString:
    """The HTML of a message's text. A spoiler is hidden until it is opened (static/css/prose.css)."""
    if '<span class="spoiler">' not in content_html:
        return content_html
    opening = format_html(
        '<label class="spoiler" title="{name}">'
        '<input type="checkbox" autocomplete="off" aria-label="{name}"><span>',
        name=_("Spoiler"),
    )
    html = _SPOILER.sub(lambda spoiler: f"{opening}{spoiler[1]}</span></label>", content_html)
    return SafeString(html)  # nosec B703 - as `messaging.text` made it, and checkboxes
