from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.models import User
from messaging.models.people.preferences import NotificationLevel, TitleCounts


class NotificationsForm(forms.ModelForm):
    """What the tab's title counts, and the notification level of new rooms. Conversations that the person is
    in have their own setting."""

    default_notification_level = forms.ChoiceField(
        label=_("In rooms that you join from now on, show as unread"),
        choices=NotificationLevel.choices,
        widget=forms.RadioSelect,
        help_text=_("For rooms that you are already in, change this in the room's settings."),
    )
    title_counts = forms.ChoiceField(
        label=_("The number in the browser tab counts"),
        choices=TitleCounts.choices,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = User
        fields = ("default_notification_level", "title_counts")
