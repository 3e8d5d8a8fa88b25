from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.forms.fields import LineField
from messaging.models.inbox.sections import NAME_LENGTH


class SectionForm(forms.Form):
    """The name of a section of the sidebar."""

    name = LineField(
        label=_("Name"), max_length=NAME_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
