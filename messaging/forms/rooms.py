from django import forms

from messaging.forms.lines import LineField
from messaging.models import Conversation


class RoomForm(forms.Form):
    """A new room."""

    name = LineField(
        max_length=Conversation._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Short and telling: “design”, “Harbour fair 2027”.",
    )
    topic = LineField(
        max_length=Conversation._meta.get_field("topic").max_length,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="What belongs here.",
    )
    is_private = forms.ChoiceField(
        label="Who can come in",
        choices=[
            ("public", "Everybody: whoever finds it under Rooms can read it and join"),
            ("private", "Only people who are added: to everybody else it does not exist"),
        ],
        initial="public",
        widget=forms.RadioSelect,
    )

    def clean_is_private(self) -> bool:
        return self.cleaned_data["is_private"] == "private"
