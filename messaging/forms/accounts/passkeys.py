"""Allauth's passkey forms, which here also refuse malformed input, and have labels in all languages."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.webauthn import forms as allauth
from allauth.mfa.webauthn.internal.auth import (
    complete_authentication,
    extract_user_from_response,
    parse_authentication_response,
)
from django import forms
from django.core.exceptions import ValidationError
from django.db import Error
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@contextmanager
def refused_if_not_understood() -> Iterator[None]:
    """Turn any exception that the library raises for a malformed credential into a ValidationError.

    The library parses the browser's binary data in several layers, and each has its own exceptions. Allauth
    catches only some of them (65.21: a `KeyError` for a credential without `rawId` was a 500).
    """
    try:
        yield
    except (ValidationError, Error):
        raise
    except Exception as error:
        raise ValidationError(_("This is not a valid passkey for this site.")) from error


class AddPasskeyForm(allauth.AddWebAuthnForm):
    name = forms.CharField(label=gettext_lazy("Name"), required=False)

    def clean(self) -> dict[str, Any]:
        with refused_if_not_understood():
            return super().clean()


class RenamePasskeyForm(allauth.EditWebAuthnForm):
    name = forms.CharField(label=gettext_lazy("Name"))


class AuthenticatePasskeyForm(allauth.AuthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        """The passkey. Attempts are not counted as codes are: nobody guesses a signature, and others' wrong
        passwords and codes must not lock out a person who has a passkey."""
        credential = self.cleaned_data["credential"]
        with refused_if_not_understood():
            parse_authentication_response(credential)
            user = self.user or extract_user_from_response(credential)
            return complete_authentication(user, credential)


class SignInPasskeyForm(AuthenticatePasskeyForm, allauth.LoginWebAuthnForm):
    pass


class ReauthenticatePasskeyForm(AuthenticatePasskeyForm, allauth.ReauthenticateWebAuthnForm):
    pass
