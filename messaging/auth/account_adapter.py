"""The adapter for allauth's account flows: who may sign up, and how mail is sent."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.utils import user_pk_to_url_str
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from messaging.auth.recent_sign_in import linked_identities, note_auth_time, recently_authenticated
from messaging.models import Installation, User
from messaging.models.inbox.landing import conversation_to_open
from messaging.models.people.languages import is_supported

logger = logging.getLogger(__name__)


class NotDelivered(Exception):
    """The mail server refused a mail, or could not be reached."""


class AccountAdapter(DefaultAccountAdapter):
    # Allauth's own words, so that our catalogs translate them with the words of the forms.
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The username and/or password you specified are not correct.")
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return Installation.objects.current().sign_up_is_open

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where a sign-in leads if no page was asked for: to a conversation, or to a page that lists some."""
        person: Any = request.user
        if pk := conversation_to_open(person):
            return reverse("conversation", args=[pk])
        return reverse("conversation_list" if person.is_guest else "room_list")

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        user.display_name = form.cleaned_data["display_name"]
        return super().save_user(request, user, form, commit)

    def pre_login(self, request: HttpRequest, user: User, **options: Any) -> Any:
        """As allauth's; after a sign-in by a provider it also stores when the provider asked the person."""
        if by_provider := (options.get("signal_kwargs") or {}).get("sociallogin"):
            note_auth_time(request, user, by_provider.state["auth_time"])
        return super().pre_login(request, user, **options)

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """No if they signed in recently. Allauth itself accepts only a password entered once more.

        Raises:
            ReauthenticationRequired: of somebody who can confirm their identity by a provider alone. Allauth
                does not know that way, and would ask nothing at all.
        """
        if recently_authenticated(self.request):
            return False
        required = bool(super().is_reauthentication_required(app=app, **options))
        person = self.request.user
        if required and not get_reauthentication_flows(person) and linked_identities(person):
            raise ReauthenticationRequired
        return required

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Allauth's ways to confirm one's identity, and the person's identity providers. If passwords are
        off, the password is left out, unless they have nothing else."""
        found = [
            {
                "id": "provider",
                "description": provider.name,
                "url": reverse("provider_again", args=[provider.id]),
            }
            for provider, _identity in (linked_identities(user) if user.is_authenticated else [])
        ]
        methods = super().get_reauthentication_methods(user)
        if found and not settings.TAKES_PASSWORDS:
            methods = [one for one in methods if one["id"] != "reauthenticate"]
        return methods + found

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link; with https it has the configured address, and not that of the Host header."""
        link: str = super().get_reset_password_from_key_url(key)
        return settings.PARLEY_URL + link[link.index("/account/") :] if settings.SECURE else link

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail. If it fails, the response is the same whether the account exists or not."""
        try:
            self.deliver(template_prefix, email, context)
        except NotDelivered as error:
            failed = render(self.request, "account/mail_failed.html", status=503)
            raise ImmediateHttpResponse(failed) from error

    def deliver(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail in the language that its reader chose; if they chose none, in that of the current page.

        Raises:
            NotDelivered: with the error of the mail server, which must not be shown to everybody.
        """
        chosen = getattr(context.get("user"), "language", "")
        try:
            with translation.override(chosen if is_supported(chosen) else translation.get_language()):
                super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            logger.exception("A mail could not be delivered.")
            raise NotDelivered(str(error)[:200] or type(error).__name__) from error


def password_reset_link(person: User) -> str:
    """A link with which the person can choose a new password. It works once, for three days."""
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    link: str = get_adapter().get_reset_password_from_key_url(key)
    return link
