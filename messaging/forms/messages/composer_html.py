"""The HTML of a composer's fields, which is most of what a page's forms cost to render.

An empty composer differs from others only in the ids of its fields, its placeholder and its `client_id`. So
it is rendered once in a process and language, with markers in place of these three, and is put together
again from the pieces. No words of anybody are stored.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from messaging.forms.messages.composer import ComposerForm

_AUTO_ID: Final = "the-auto-id-"
_PLACEHOLDER: Final = "the placeholder"
_CLIENT_ID: Final = UUID(int=0)
_MARKERS: Final = re.compile(f"({_AUTO_ID}|{_PLACEHOLDER}|{_CLIENT_ID})")


def fields_html(form: ComposerForm) -> SafeString:
    """The fields of a composer, with what was typed and what is wrong if it was sent."""
    if form.is_bound or form.initial:
        return render(form)
    values = {
        _AUTO_ID: str(form.auto_id).removesuffix("%s"),
        _PLACEHOLDER: form.fields["content"].widget.attrs["placeholder"],
        str(_CLIENT_ID): form["client_id"].value(),
    }
    parts = list(pieces(get_language()))
    for place in range(1, len(parts), 2):
        parts[place] = escape(str(values[parts[place]]))
    return mark_safe("".join(parts))  # noqa: S308  # nosec B308 B703 - of a template; values are escaped


def render(form: ComposerForm) -> SafeString:
    return render_to_string("messaging/messages/_composer_fields.html", {"form": form})


@cache
def pieces(language: str) -> Sequence[str]:
    """An empty composer: every second piece is a marker."""
    form = ComposerForm(auto_id=f"{_AUTO_ID}%s", initial={"client_id": _CLIENT_ID})
    return _MARKERS.split(render(form.with_placeholder(_PLACEHOLDER)))
