from typing import Any

from django import forms

from messaging.forms.accounts.sign_up import SignUpForm
from messaging.forms.fields import LineField, number_or_none
from messaging.models import Installation

MINUTES = [("0", "As long as it is there"), ("5", "5 minutes"), ("60", "An hour"), ("1440", "A day")]


class SiteNameField(LineField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            label="The team's name",
            max_length=Installation._meta.get_field("name").max_length,
            widget=forms.TextInput(attrs={"autocomplete": "organization"}),
            **options,
        )


class SetUpForm(SignUpForm):
    """The first account, and what the site is called."""

    site_name = SiteNameField(help_text="Everybody sees it; it can be changed later.")
    field_order = ["site_name", "username", "display_name", "email", "password1", "password2"]


class SettingsForm(forms.ModelForm):
    """What is true for the whole site."""

    name = SiteNameField()
    edit_minutes = forms.TypedChoiceField(
        label="How long a message can be edited",
        choices=MINUTES,
        coerce=number_or_none,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["edit_minutes"] = self.instance.edit_minutes or 0

    class Meta:
        model = Installation
        fields = ("name", "sign_up", "room_makers", "edit_minutes", "history_readers")
        labels = {
            "sign_up": "Who can make an account",
            "room_makers": "Who can make rooms",
            "history_readers": "Who can read earlier texts of a message",
        }
        widgets = dict.fromkeys(("sign_up", "room_makers", "history_readers"), forms.RadioSelect)
