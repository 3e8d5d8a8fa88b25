from django import forms

from messaging.forms.rooms.room import LOUDNESS
from messaging.models import User


class NotificationsForm(forms.ModelForm):
    """What one is told of. How loud a conversation is that one is in already, its own page says."""

    joining_level = forms.ChoiceField(
        label="In rooms that you come into from now on, what counts as unread",
        choices=LOUDNESS,
        widget=forms.RadioSelect,
        help_text="For a room that you are in, “About this room” says it.",
    )
    titled = forms.ChoiceField(
        label="The number in the tab’s title counts",
        choices=[
            (User.Titled.ALL, "Everything that is unread"),
            (User.Titled.PERSONAL, "Only what is for you: direct messages, what names you, and replies"),
        ],
        widget=forms.RadioSelect,
    )

    class Meta:
        model = User
        fields = ("joining_level", "titled")
