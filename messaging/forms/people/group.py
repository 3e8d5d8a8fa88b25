from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.forms.fields import LineField
from messaging.models.people.groups import HANDLE_LENGTH, NAME_LENGTH


class GroupForm(forms.Form):
    """A group of people."""

    name = LineField(
        label=_("Name"), max_length=NAME_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    handle = forms.CharField(
        label=_("Handle"),
        max_length=HANDLE_LENGTH,
        help_text=_("Typed after an @ to mention everyone in it: lowercase letters a–z, digits, and _ . -"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    is_open = forms.BooleanField(label=_("People can join and leave it themselves"), required=False)

    def clean_handle(self) -> str:
        """The handle in lower case, without an @ before it."""
        handle: str = self.cleaned_data["handle"]
        return handle.removeprefix("@").lower()
