"""What is typed into a conversation. Nobody but these fields is taken from a request."""

import uuid
from typing import Any

from django import forms

from messaging.text import MAX_LENGTH, clean_text


class TextField(forms.CharField):
    """A message's text, cleaned as the model will clean it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, **options)

    def to_python(self, value: Any) -> str:
        return clean_text(value or "")


class ComposerForm(forms.Form):
    """A new message. `client_id` is fresh in every form, so that sending one twice sends it once."""

    content = TextField(
        label="Message",
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "Write a message", "data-limit": MAX_LENGTH}),
        error_messages={"required": "Write something first."},
    )
    client_id = forms.UUIDField(
        required=False, initial=uuid.uuid4, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )

    def with_fresh_id(self) -> "ComposerForm":
        """The same form with what was typed, to be sent under another id."""
        self.data = {**self.data.dict(), "client_id": str(uuid.uuid4())}  # type: ignore[attr-defined]
        return self


class EditForm(forms.Form):
    """An edit. `revision` is how many earlier texts there were when the form was opened."""

    content = TextField(label="Message", widget=forms.Textarea(attrs={"rows": 3}))
    revision = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )
