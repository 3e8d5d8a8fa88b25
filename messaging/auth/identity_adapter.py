"""What happens when somebody returns from an identity provider: allauth has taken the code, and the tokens
were checked (`openid_connect.py`)."""

import logging
import time
from typing import Any, Final, NoReturn

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from messaging.auth.id_tokens import NotTrusted
from messaging.auth.openid_connect import OpenIdProvider, app_of, provider_named
from messaging.auth.provider_requests import ProviderSession
from messaging.auth.provider_settings import IdentityProvider
from messaging.models import Installation, Invitation, User
from messaging.models.accounts.identities import is_banned, link, person_to_link, take_role
from messaging.models.db.refusals import Refused

logger = logging.getLogger(__name__)

LINK, AGAIN = "link", "again"  # what somebody went to the provider for, beside "login"
SIGN_UP_KEY = "identity_to_join"  # in the session of somebody who may create an account with this identity
SIGN_OUT_KEY = "identity_session"  # in a session: what signing out there needs
LONGEST_TOKEN: Final = 4096  # characters of an ID token that is kept for it
CLOCKS_SECONDS: Final = 60
SIGN_UP_SECONDS: Final = 30 * 60  # after which somebody new has to come from the provider again


class IdentityAdapter(DefaultSocialAccountAdapter):
    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> OpenIdProvider:
        return OpenIdProvider(request, app=app_of(provider_named(provider)))

    def list_providers(self, request: HttpRequest) -> list[OpenIdProvider]:
        return [OpenIdProvider(request, app=app_of(provider)) for provider in settings.OIDC_PROVIDERS]

    def get_requests_session(self) -> ProviderSession:
        """The adapter by which allauth exchanges a code for tokens."""
        return ProviderSession()

    def authenticate_by_email(self, login: Any) -> None:
        """Disabled: allauth does not know which addresses are confirmed here (`pre_social_login` does it)."""

    def pre_social_login(self, request: Any, sociallogin: Any) -> None:
        """Link, confirm, or prepare the sign-in.

        Raises:
            ImmediateHttpResponse: with the response, unless the sign-in of `sociallogin.user` goes on.
        """
        sociallogin.token = None  # it is used up, and not kept
        provider = provider_named(sociallogin.account.provider)
        data = sociallogin.state["data"]
        if data["for"] in (LINK, AGAIN):
            if not request.user.is_authenticated or request.user.pk != data["user"]:
                raise ImmediateHttpResponse(redirect("account_login"))
            (_link if data["for"] == LINK else _confirm)(request, sociallogin, provider)
        if sociallogin.profile["groups"] is None and provider.decides_roles:
            claim = ".".join(provider.claim)
            logger.warning("The provider %s sent no claim %s: the role stays.", provider.id, claim)
        if not sociallogin.is_existing:
            self._find(request, sociallogin, provider)
        person, profile = sociallogin.user, sociallogin.profile
        if person.is_active:
            take_role(person, provider.id, profile["groups"], provider.administrators, provider.members)
        remember_provider(request, provider, sociallogin.state["id_token"])

    def _find(self, request: HttpRequest, sociallogin: Any, provider: IdentityProvider) -> None:
        """The person of a new identity: the one with its address, or somebody who creates an account."""
        profile, data = sociallogin.profile, sociallogin.state["data"]
        email = profile["email"] if profile["is_verified"] else ""
        if person := person_to_link(email, provider.id):
            sociallogin.user = person
            sociallogin.account = link(
                person, provider.id, profile["uid"], sociallogin.account.extra_data["shown"]
            )
            return
        if is_banned(profile["email"]) or not may_join(provider, data["invitation"]):
            context = {"provider": provider, "shown": profile["email"] or profile["username"]}
            raise ImmediateHttpResponse(render(request, "account/provider_unknown.html", context, status=403))
        request.session[SIGN_UP_KEY] = {
            **{key: profile[key] for key in ("uid", "username", "name", "groups")},
            "email": email,
            "shown": sociallogin.account.extra_data["shown"],
            "provider": provider.id,
            "at": time.time(),
            "invitation": data["invitation"],
            "next": sociallogin.state.get("next", ""),
            **{key: sociallogin.state[key] for key in ("id_token", "auth_time")},
        }
        raise ImmediateHttpResponse(redirect("provider_sign_up"))

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, **context: Any
    ) -> NoReturn:
        """A page that says what to do; what was wrong is for the log, without anything of the answer."""
        if error == AuthError.CANCELLED:
            messages.info(request, _("You have not signed in with %(name)s.") % {"name": provider.name})
            raise ImmediateHttpResponse(redirect("account_login"))
        if exception is not None:
            why = str(exception) if isinstance(exception, NotTrusted) else type(exception).__name__
            logger.warning("A sign-in with the provider %s failed: %s", provider.app.provider_id, why)
        # Without a state the answer belongs to no sign-in that was begun in this session.
        is_stray = exception is None and "state_id" in (context.get("extra_context") or {})
        shown = {"provider": provider.name, "is_stray": is_stray}
        raise ImmediateHttpResponse(render(request, "account/provider_failed.html", shown, status=400))


def may_join(provider: IdentityProvider, invitation: str) -> bool:
    """Whether somebody with a new identity may create an account, by the rules of the site.

    Args:
        invitation: the token of the invitation that they have, or "".
    """
    if needs_no_invitation(provider):
        return True
    return bool(invitation) and Invitation.objects.by_token(invitation) is not None


def needs_no_invitation(provider: IdentityProvider) -> bool:
    """Whether everybody with an identity of this provider may create an account."""
    return provider.anyone_may_join or Installation.objects.current().sign_up_is_open


def remember_provider(request: HttpRequest, provider: IdentityProvider, id_token: str) -> None:
    """Keep in the session what signing out at the provider needs."""
    if provider.signs_out:
        kept = id_token if len(id_token) <= LONGEST_TOKEN else ""
        request.session[SIGN_OUT_KEY] = [provider.id, kept]


def _link(request: Any, sociallogin: Any, provider: IdentityProvider) -> NoReturn:
    shown = sociallogin.account.extra_data["shown"]
    try:
        link(request.user, provider.id, sociallogin.account.uid, shown)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("You can now sign in with %(name)s.") % {"name": provider.name})
    raise ImmediateHttpResponse(redirect("identity_list"))


def _confirm(request: Any, sociallogin: Any, provider: IdentityProvider) -> NoReturn:
    """Store that the person has signed in at the provider once more."""
    state, data = sociallogin.state, sociallogin.state["data"]
    asked_at = state["auth_time"]
    is_old = asked_at is not None and asked_at < data["at"] - CLOCKS_SECONDS
    if sociallogin.user.pk != request.user.pk or is_old:
        messages.error(request, _("That was not the account that is linked here, or not a new sign-in."))
        raise ImmediateHttpResponse(redirect("account"))
    record_authentication(request, request.user, "socialaccount", provider=provider.id, reauthenticated=True)
    request.GET = request.GET.copy()
    request.GET["next"] = state.get("next", "")
    raise ImmediateHttpResponse(resume_request(request) or redirect("account"))


def new_state(purpose: str, nonce: str, user: User | None, invitation: str = "") -> dict[str, Any]:
    """What is kept in the session while somebody is at the provider."""
    return {
        "for": purpose,
        "nonce": nonce,
        "user": user.pk if user else None,
        "invitation": invitation,
        "at": time.time(),
    }
