import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from messaging.forms.people.picture import EmojiPictureField
from messaging.models.messages.managing_emoji import check_name
from messaging.text.emoji import LONGEST_NAME

WITHOUT_SUGGESTIONS = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"}


class EmojiForm(forms.Form):
    """A new custom emoji. Colons around names are no mistake, and capital letters become small."""

    picture = EmojiPictureField()
    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME + 2,
        help_text=_("What people type between colons, such as party_boat. It cannot be changed later."),
        widget=forms.TextInput(attrs=WITHOUT_SUGGESTIONS),
    )
    other_names = forms.CharField(
        label=_("Other names"),
        required=False,
        max_length=6 * (LONGEST_NAME + 3),
        help_text=_("Other names by which it can be typed, separated by spaces."),
        widget=forms.TextInput(attrs=WITHOUT_SUGGESTIONS),
    )

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip(": ").lower()
        check_name(name)
        return name

    def clean_other_names(self) -> list[str]:
        names = re.split(r"[\s,:]+", str(self.cleaned_data["other_names"]).lower().strip(" ,:"))
        names = [name for name in names if name]
        for name in names:
            check_name(name)
        return names

    def add_refusal(self, refusal: ValidationError) -> None:
        """Show why `add_emoji` refused, at the field with the name that it is about."""
        about = (refusal.params or {}).get("name")
        field = None if about is None else "name" if about == self.cleaned_data["name"] else "other_names"
        self.add_error(field, refusal)
