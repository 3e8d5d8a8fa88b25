from django import forms

from messaging.forms.fields import LineField
from messaging.models import Conversation, Membership
from messaging.models.people.preferences import NotificationLevel


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


LEVELS = [
    (NotificationLevel.ALL, "Every message"),
    (NotificationLevel.MENTIONS, "What names you, and replies in threads that you wrote in"),
    (NotificationLevel.MUTED, "Nothing. What names you still waits under Notifications"),
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
    """Another name and topic; `rooms.settings.rename` writes them."""

    name = _name()
    topic = _topic()

    class Meta:
        model = Conversation
        fields = ("name", "topic")


class MembershipSettingsForm(forms.ModelForm):
    """One's own settings in a conversation."""

    notification_level = forms.ChoiceField(
        label="What counts as unread here", choices=LEVELS, widget=forms.RadioSelect
    )
    is_starred = forms.BooleanField(label="Keep it on top of the list", required=False)

    class Meta:
        model = Membership
        fields = ("notification_level", "is_starred")
