from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.auth.attempts import counted_attempt
from messaging.models import User


class PasswordAgainForm(forms.Form):
    """Asks for the password again, so that a browser left open does not give away the account."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        with counted_attempt(self.user):
            if not self.user.check_password(password):
                raise forms.ValidationError(_("This is not your password."), code="wrong")
        return password


class EmailForm(PasswordAgainForm):
    """The e-mail address for password resets. Changing it needs the password, which it can reset."""

    email = forms.EmailField(
        label=_("Email address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = ["email", "password"]
