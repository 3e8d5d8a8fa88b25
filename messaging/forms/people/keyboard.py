from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.models import User


class KeyboardForm(forms.ModelForm):
    """Whether single keys do something."""

    single_keys = forms.BooleanField(
        label=_("Use single keys"),
        required=False,
        help_text=_("Keys such as ? and G while you are not typing. Keys with Ctrl or Alt always work."),
    )

    class Meta:
        model = User
        fields = ("single_keys",)
