"""What is Parley's own about the account flows of allauth: who may sign up, and what is mailed from where."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import render

from messaging.models import Installation, User

logger = logging.getLogger(__name__)


class NotDelivered(Exception):
    """The mail server did not take a mail, or could not be reached."""


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return Installation.objects.current().sign_up == Installation.SignUp.OPEN

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        user.display_name = form.cleaned_data["display_name"]
        return super().save_user(request, user, form, commit)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """With the address that was set, not the one that the request claims to be for."""
        link: str = super().get_reset_password_from_key_url(key)
        return settings.PARLEY_URL + link[link.index("/account/") :] if settings.SECURE else link

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send it, or say that it could not be sent: to everybody alike, account or not."""
        try:
            self.deliver(template_prefix, email, context)
        except NotDelivered as error:
            failed = render(self.request, "account/mail_failed.html", status=503)
            raise ImmediateHttpResponse(failed) from error

    def deliver(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send it. Raises NotDelivered, with what the mail server said: nothing for everybody's eyes."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            logger.exception("The mail server did not take a mail.")
            raise NotDelivered(str(error)[:200] or type(error).__name__) from error


def password_reset_link(person: User) -> str:
    """A link with which the person chooses a new password: good once, for three days."""
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    link: str = get_adapter().get_reset_password_from_key_url(key)
    return link
