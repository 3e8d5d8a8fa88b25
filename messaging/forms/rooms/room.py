from typing import cast

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging.forms.fields import LineField
from messaging.forms.people.levels import level_choices
from messaging.models import Conversation, Membership
from messaging.models.inbox.sections import sections_of


def _name() -> LineField:
    return LineField(
        label=_("Name"),
        max_length=Conversation._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("For example “design” or “Harbour fair 2027”."),
    )


def _topic() -> LineField:
    return LineField(
        label=_("Topic"),
        max_length=Conversation._meta.get_field("topic").max_length,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("What this room is about."),
    )


class RoomForm(forms.Form):
    """A new room."""

    name = _name()
    topic = _topic()
    is_private = forms.ChoiceField(
        label=_("Who can join"),
        choices=[
            ("public", _("Public: all members can find, read and join it")),
            ("private", _("Private: only people who are added can see it")),
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
    """The member's own settings for a conversation."""

    notification_level = forms.ChoiceField(
        label=_("Notification level"), choices=level_choices, widget=forms.RadioSelect
    )
    is_starred = forms.BooleanField(label=_("Keep at the top of the list"), required=False)
    section = forms.TypedChoiceField(
        label=_("Section of the sidebar"),
        coerce=int,
        widget=forms.Select(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Membership
        fields = ("notification_level", "is_starred")

    def __init__(self, data: QueryDict | None = None, *, instance: Membership) -> None:
        super().__init__(data, instance=instance, initial={"section": instance.section})
        self.fields["notification_level"].help_text = format_html(
            '<a class="link" href="{}#levels">{}</a>',
            reverse("account_notifications"),
            gettext("What each level does"),
        )
        sections = sections_of(instance.user)
        cast(forms.ChoiceField, self.fields["section"]).choices = [("0", _("No section")), *sections]
        if not sections:
            del self.fields["section"]
