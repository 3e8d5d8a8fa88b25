from typing import Any

from django import forms


class BanForm(forms.Form):
    """Whether the words go along with the person; not asked where there are none."""

    with_words = forms.BooleanField(
        required=False,
        help_text="That cannot be undone, not even if you let them in again. Direct conversations stay.",
    )

    def __init__(self, data: Any = None, *, written: int) -> None:
        super().__init__(data)
        number = f"{written} message{'' if written == 1 else 's'}"
        self.fields["with_words"].label = f"Remove what they wrote in rooms and groups as well: {number}"
        if not written:
            del self.fields["with_words"]
