"""Templates of what a page shows many times, such as a message: rendered once, then filled in.

Rendering a message with Django's engine took 0.85 ms, most of it for what is the same in every message. A
`PartTemplate` is rendered once in a process for each language and each combination of its flags, with a
marker in place of each value. What is between the markers is kept, and put together with the values of a
message.
"""

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

Value: TypeAlias = int | str
_FIRST_NUMBER: Final = 9_000_000_001  # larger than any number in a template


class PartTemplate:
    """A template that gets flags and values.

    It may test flags (`{% if is_edited %}`), and may show values (`{{ name }}`, `{% url 'message' pk %}`). It
    must neither test nor change a value: when it is rendered, other numbers and texts stand in their places.
    A template that it includes gets all of them as `values`, for example as the person that it shows.
    """

    def __init__(self, template_name: str) -> None:
        self._template_name = template_name
        self._pieces: dict[object, list[str]] = {}

    def render(self, values: Mapping[str, Value], **flags: bool) -> SafeString:
        """The template with these values, which are escaped unless they are safe, and flags.

        Args:
            values: always of the same names. A value is either always a number or always a text.
        """
        key = get_language(), *flags.values()
        pieces = self._pieces.get(key)
        if pieces is None:
            pieces = self._pieces[key] = self._render_pieces(values, flags)
        parts = list(pieces)
        for place in range(1, len(parts), 2):
            value = values[parts[place]]
            parts[place] = str(value) if isinstance(value, int) else conditional_escape(value)
        return mark_safe("".join(parts))  # noqa: S308  # nosec B308 B703 - of a template; values are escaped

    def _render_pieces(self, values: Mapping[str, Value], flags: Mapping[str, bool]) -> list[str]:
        """The text before the first marker, the name of that value, the text after it, and so on."""
        markers: dict[str, Value] = {
            name: _FIRST_NUMBER + number if isinstance(value, int) else f"the-{name}-text"
            for number, (name, value) in enumerate(values.items())
        }
        names = {str(marker): name for name, marker in markers.items()}
        context = {**markers, **flags}
        html = render_to_string(self._template_name, {**context, "values": context})
        pieces = re.split(f"({'|'.join(map(re.escape, names))})", html)
        return [names.get(piece, piece) for piece in pieces]
