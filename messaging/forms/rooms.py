from django import forms

from messaging.forms.lines import LineField
from messaging.forms.people import PeopleField, PeopleForm
from messaging.models import Conversation


class RoomForm(PeopleForm):
    """A new room, with whom it begins."""

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
    is_private = forms.TypedChoiceField(
        label="Who can come in",
        choices=[
            ("", "Everybody: whoever finds it under Rooms can read it and join"),
            ("1", "Only people who are added: to everybody else it does not exist"),
        ],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
    )
    people = PeopleField(label="People to put in right away", required=False)
    field_order = ["name", "topic", "is_private", "people"]
