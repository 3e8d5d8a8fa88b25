from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.auth.attempts import counted_attempt
from messaging.models import User


class PasswordAgainForm(forms.Form):
    """Asks for the password again, so that a browser left open does not give away the account.

    Args:
        recently_authenticated: of somebody who has no password but an identity provider, whether they signed
            in recently; None of others, who are asked for their password (`auth.recent_sign_in`).
    """

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(
        self, *args: Any, user: User, recently_authenticated: bool | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.user, self.recently_authenticated = user, recently_authenticated
        if recently_authenticated is not None:
            del self.fields["password"]

    def clean(self) -> dict[str, Any]:
        if self.recently_authenticated is False:
            raise forms.ValidationError(_("Confirm your identity first."), code="not_authenticated")
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
