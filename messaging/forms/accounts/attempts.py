"""Allauth's forms that ask a signed-in person for a password or a code, with the count of `auth.attempts`.

Allauth counts some of them with the sign-in, and others not at all.
"""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import validate_totp_code
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from messaging.auth.attempts import counted_attempt


class ReauthenticateForm(account.ReauthenticateForm):
    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        with counted_attempt(self.user):
            if not self.user.check_password(password):
                raise ValidationError(_("This is not your password."), code="wrong")
        return password


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["oldpassword"].label = _("Current password")
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password (again)")

    def clean_oldpassword(self) -> str:
        with counted_attempt(self.user):
            password: str = super().clean_oldpassword()
        return password


class EmailCodeForm(account.ConfirmEmailVerificationCodeForm):
    def clean_code(self) -> Any:
        with counted_attempt(self.user):
            return super().clean_code()


class ReauthenticateCodeForm(mfa.ReauthenticateForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].label = _("Code")  # allauth's own, which our catalogs translate with this line

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        with counted_attempt(self.user):
            for one in Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN):
                if one.wrap().validate_code(code):
                    one.user, self.authenticator = self.user, one
                    return code
            raise get_adapter().validation_error("incorrect_code")


class ActivateAppForm(totp.ActivateTOTPForm):
    def clean_code(self) -> str:
        totp.validate_can_add_authenticator(self.user)
        code: str = self.cleaned_data["code"]
        with counted_attempt(self.user):
            if not validate_totp_code(self.secret, code):
                raise get_adapter().validation_error("incorrect_code")
        return code
