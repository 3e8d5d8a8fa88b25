from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.auth.attempts import counted_attempt
from messaging.models import User


class PasswordAgainForm(forms.Form):
    """Asks for the password again, so that a browser left open does not give away the account.

    Args:
        has_proved: None; or for somebody who signs in by an identity provider, whether they did so recently:
            no password is asked for then (`auth.recent_sign_in.has_proved`).
    """

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, has_proved: bool | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user, self.has_proved = user, has_proved
        if has_proved is not None:
            del self.fields["password"]

    def clean(self) -> dict[str, Any]:
        if self.has_proved is False:
            raise forms.ValidationError(_("Confirm your identity first."), code="not_proved")
        return super().clean() or self.cleaned_data

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
