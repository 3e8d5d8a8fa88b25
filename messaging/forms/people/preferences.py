from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from messaging.forms.people.levels import level_choices
from messaging.models import Installation, User
from messaging.models.people.preferences import MissedMails, PushTexts, Sound, TitleCounts


class NotificationsForm(forms.ModelForm):
    """What the tab's title counts, what is mailed, whether reactions are listed, and the level of new rooms.

    Conversations that the person is in have their own setting.
    """

    default_notification_level = forms.ChoiceField(
        label=_("Notification level of rooms that you join from now on"),
        choices=level_choices,
        widget=forms.RadioSelect,
        help_text=_("For rooms that you are already in, change this in the room's settings."),
    )
    title_counts = forms.ChoiceField(
        label=_("The number in the browser tab counts"),
        choices=TitleCounts.choices,
        widget=forms.RadioSelect,
    )
    lists_reactions = forms.BooleanField(
        label=_("List reactions to your messages at the end of your inbox"),
        required=False,
        help_text=_("They have no badge and send no notification."),
    )
    missed_mails_are = forms.ChoiceField(
        label=_("Emails about what notified you, if you have not read it"),
        choices=MissedMails.choices,
        widget=forms.RadioSelect,
    )

    push_texts = forms.ChoiceField(
        label=_("Push notifications on your devices show"),
        choices=PushTexts.choices,
        widget=forms.RadioSelect,
        help_text=_("The text can be read on a locked screen."),
    )

    sound = forms.ChoiceField(
        label=_("Sound of desktop notifications"),
        choices=Sound.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Example: with “Bell”, a mention rings while Parley is open behind other windows."),
    )

    class Meta:
        model = User
        fields = (
            "default_notification_level",
            "title_counts",
            "lists_reactions",
            "missed_mails_are",
            "push_texts",
            "sound",
        )

    def __init__(self, *args: Any, has_push: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_push:
            del self.fields["push_texts"]
        if settings.HAS_MAIL_SERVER:
            self.fields["missed_mails_are"].help_text = _about_mails(self.instance)
        else:
            del self.fields["missed_mails_are"]


def _about_mails(user: User) -> str:
    """The help text: when mails are sent to the person, or why they get none."""
    if missing := why_no_mails(user):
        return missing
    minutes = Installation.objects.current().mail_minutes
    return ngettext(
        "One email for each conversation, %(minutes)d minute after the first message; none for muted ones.",
        "One email for each conversation, %(minutes)d minutes after the first message; none for muted ones.",
        minutes,
    ) % {"minutes": minutes}


def why_no_mails(user: User) -> str:
    """What is missing for mails to reach the person; empty if nothing is."""
    if not user.email:
        return gettext("You have no email address: enter one in your settings to get these emails.")
    if not user.email_confirmed:
        return gettext(
            "Your email address is not confirmed: enter it again in your settings to get these emails."
        )
    if user.email_refused_at:
        return gettext(
            "The mail server refuses your address. Enter it again in your settings, or another one."
        )
    return ""
