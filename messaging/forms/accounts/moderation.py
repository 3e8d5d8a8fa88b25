from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class BanForm(forms.Form):
    """Whether the person's messages are removed too. The field is left out if they wrote none."""

    with_messages = forms.BooleanField(
        required=False,
        help_text=_("This cannot be undone, even if you lift the ban. Direct conversations are kept."),
    )

    def __init__(self, data: Any = None, *, written: int) -> None:
        super().__init__(data)
        label = ngettext(
            "Also remove their %(number)d message in rooms and groups",
            "Also remove their %(number)d messages in rooms and groups",
            written,
        )
        self.fields["with_messages"].label = label % {"number": written}
        if not written:
            del self.fields["with_messages"]
