from django import forms

from messaging.forms.rooms.room import LEVELS
from messaging.models import User
from messaging.models.people.preferences import TitleCount


class NotificationsForm(forms.ModelForm):
    """What one is notified about. For a conversation that one is in, its own settings say it."""

    default_notification_level = forms.ChoiceField(
        label="In rooms that you come into from now on, what counts as unread",
        choices=LEVELS,
        widget=forms.RadioSelect,
        help_text="For a room that you are in, “About this room” says it.",
    )
    title_count = forms.ChoiceField(
        label="The number in the tab’s title counts",
        choices=[
            (TitleCount.ALL, "Everything that is unread"),
            (TitleCount.PERSONAL, "Only what is for you: direct messages, what names you, and replies"),
        ],
        widget=forms.RadioSelect,
    )

    class Meta:
        model = User
        fields = ("default_notification_level", "title_count")
