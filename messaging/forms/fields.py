from typing import Any

from django import forms

from messaging.text import clean_text
from messaging.text.cleaning import remove_forbidden

LINES_LENGTH = 20_000  # characters of a list


class TypedField(forms.CharField):
    """Text that is written from the left or from the right, as its letters are."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "dir": "auto"}


class LineField(TypedField):
    """A name or a topic: one tidy line, cleaned as the model will clean it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, strip=False)

    def to_python(self, value: Any) -> str:
        value = value or ""
        if self.required or value.strip():
            return clean_text(value, max_length=self.max_length, single_line=True)
        return ""


class LinesField(TypedField):
    """A list with one entry in each line. Its value has no empty or repeated lines."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **options, required=False, max_length=LINES_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
        )

    def to_python(self, value: Any) -> str:
        lines = (" ".join(line.split()) for line in str(value or "").splitlines())
        return remove_forbidden("\n".join(dict.fromkeys(filter(None, lines))))


def number_or_none(number: str) -> int | None:
    """The number of a choice; None for the choice "0", which means no limit."""
    return int(number) or None
