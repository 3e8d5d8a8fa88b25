from typing import Any

from django import forms

from messaging.models import User


class DeleteAccountForm(forms.Form):
    """The password again, so that a browser left open does not cost anybody their words."""

    password = forms.CharField(
        label="Your password", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError("This is not your password.", code="wrong")
        return password
