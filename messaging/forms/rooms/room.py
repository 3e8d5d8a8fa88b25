from django import forms

from messaging.forms.fields import LineField
from messaging.models import Conversation, Membership


def _name() -> LineField:
    return LineField(
        max_length=Conversation._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Short and telling: “design”, “Harbour fair 2027”.",
    )


def _topic() -> LineField:
    return LineField(
        max_length=Conversation._meta.get_field("topic").max_length,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="What belongs here.",
    )


LOUDNESS = [
    (Membership.Level.ALL, "Every message"),
    (Membership.Level.MENTIONS, "What names you, and replies in threads that you wrote in"),
    (Membership.Level.MUTED, "Nothing. What names you still waits under Notifications"),
]


class RoomForm(forms.Form):
    """A new room."""

    name = _name()
    topic = _topic()
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


class RenameForm(forms.ModelForm):
    """Another name and topic; `Conversation.rename` writes them."""

    name = _name()
    topic = _topic()

    class Meta:
        model = Conversation
        fields = ("name", "topic")


class MineForm(forms.ModelForm):
    """How loud a conversation is for oneself."""

    level = forms.ChoiceField(label="What counts as unread here", choices=LOUDNESS, widget=forms.RadioSelect)
    is_starred = forms.BooleanField(label="Keep it on top of the list", required=False)

    class Meta:
        model = Membership
        fields = ("level", "is_starred")
