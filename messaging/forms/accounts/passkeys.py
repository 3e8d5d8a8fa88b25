"""Allauth's forms that take what a passkey says, for those who send something else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.webauthn import forms as allauth
from django.core.exceptions import ValidationError
from django.db import Error
from django.utils.translation import gettext as _


@contextmanager
def refused_if_not_understood() -> Iterator[None]:
    """Whatever the library stumbles over in a made-up answer is a wrong answer.

    It parses binary data of the client's in several layers, each with exceptions of its own; allauth expects
    some of them (65.21: a `KeyError` for an answer without `rawId` was a 500).
    """
    try:
        yield
    except (ValidationError, Error):
        raise
    except Exception as error:
        raise ValidationError(_("This is not a valid passkey for this site.")) from error


class AddPasskeyForm(allauth.AddWebAuthnForm):
    def clean(self) -> dict[str, Any]:
        with refused_if_not_understood():
            return super().clean()


class AuthenticatePasskeyForm(allauth.AuthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        with refused_if_not_understood():
            return super().clean_credential()


class SignInPasskeyForm(AuthenticatePasskeyForm, allauth.LoginWebAuthnForm):
    pass


class ReauthenticatePasskeyForm(AuthenticatePasskeyForm, allauth.ReauthenticateWebAuthnForm):
    pass
