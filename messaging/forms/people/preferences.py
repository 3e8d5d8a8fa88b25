from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.forms.rooms.room import LEVELS
from messaging.models import User
from messaging.models.people.preferences import TitleCount


class NotificationsForm(forms.ModelForm):
    """What the tab's title counts, and the notification level of new rooms. Conversations that the person is
    in have their own setting."""

    default_notification_level = forms.ChoiceField(
        label=_("In rooms that you join from now on, show as unread"),
        choices=LEVELS,
        widget=forms.RadioSelect,
        help_text=_("For rooms that you are already in, change this in the room's settings."),
    )
    title_count = forms.ChoiceField(
        label=_("The number in the browser tab counts"),
        choices=[
            (TitleCount.ALL, _("All unread messages")),
            (TitleCount.PERSONAL, _("Only direct messages, mentions and replies to you")),
        ],
        widget=forms.RadioSelect,
    )

    class Meta:
        model = User
        fields = ("default_notification_level", "title_count")
