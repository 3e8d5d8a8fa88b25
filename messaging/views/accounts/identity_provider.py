"""Signing in by an identity provider: the way there, and the way back."""

import secrets
from typing import Any, Final
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.utils import get_next_redirect_url
from allauth.core.ratelimit import consume_or_429
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.access.lookups import NotFound
from messaging.auth.id_tokens import discovered
from messaging.auth.identity_adapter import AGAIN, SIGN_OUT_KEY, new_state
from messaging.auth.openid_connect import UNREACHABLE, CallbackView, OpenIdAdapter, provider_named
from messaging.auth.provider_settings import IdentityProvider
from messaging.auth.recent_sign_in import linked_identities
from messaging.views.responses import render_page

TOKEN_LENGTH: Final = 100  # of an invitation, at most


@require_POST
@never_cache
def provider_sign_in(request: HttpRequest, provider: str) -> HttpResponse:
    """Send somebody to the provider to sign in. An invitation lets somebody without an account create one."""
    if request.user.is_authenticated:
        return redirect("conversation_list")
    invitation = request.POST.get("invitation", "")[:TOKEN_LENGTH]
    return to_provider(request, provider_or_404(provider), "login", invitation=invitation)


@require_safe
@never_cache
def provider_callback(request: HttpRequest, provider: str) -> HttpResponse:
    """The callback, with the provider's code or error. `IdentityAdapter` decides what happens."""
    if refusal := consume_or_429(request, action="provider", limit_get=True):
        return refusal
    response: HttpResponse = CallbackView.adapter_view(OpenIdAdapter(request, provider_or_404(provider).id))(
        request
    )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@never_cache
def provider_again(request: MemberRequest, provider: str) -> HttpResponse:
    """Confirm one's identity by signing in at the provider once more."""
    found = provider_or_404(provider)
    if found not in [one for one, _identity in linked_identities(request.user)]:
        raise NotFound
    if request.method == "POST":
        return to_provider(request, found, AGAIN, prompt="login", max_age="0")
    methods = get_account_adapter().get_reauthentication_methods(request.user)
    next_url = get_next_redirect_url(request)
    passed_on = f"?{urlencode({'next': next_url})}" if next_url else ""
    others = [{**one, "url": one["url"] + passed_on} for one in methods if one["url"] != request.path]
    context = {"provider": found, "next": next_url, "reauthentication_alternatives": others}
    return render_page(request, "account/provider_again.html", context)


def to_provider(
    request: HttpRequest, provider: IdentityProvider, purpose: str, invitation: str = "", **params: str
) -> HttpResponse:
    """A page that leads to the provider.

    Args:
        purpose: "login", or LINK or AGAIN of `identity_adapter`.
        invitation: the token of the invitation that the person has.
        params: more of the provider's parameters.
    """
    if refusal := consume_or_429(request, action="provider"):
        return refusal
    nonce = secrets.token_urlsafe(24)
    user = request.user if request.user.is_authenticated else None
    try:
        there = (
            get_adapter()
            .get_provider(request, provider.id)
            .redirect(
                request,
                process="login",
                next_url=get_next_redirect_url(request),
                data=new_state(purpose, nonce, user, invitation),
                auth_params={"nonce": nonce, **params},
            )
        )
    except UNREACHABLE as error:
        return get_adapter().on_authentication_error(
            request, get_adapter().get_provider(request, provider.id), exception=error
        )
    return redirecting(request, there["Location"], provider.name)


def redirecting(request: HttpRequest, address: str, name: str) -> HttpResponse:
    """A page that leads on to another site at once.

    It is no redirect, because the policy's `form-action` lets a form lead to Parley only, also through
    redirects, and a provider may redirect further.
    """
    response = render(request, "account/redirecting.html", {"address": address, "name": name})
    response["Refresh"] = f"0; url={address}"
    return response


def provider_buttons(invitation: str = "") -> dict[str, Any]:
    """What `account/_providers.html` needs, as a part of a page's context.

    Args:
        invitation: the token of the invitation with which somebody without an account may create one.
    """
    return {
        "providers": settings.OIDC_PROVIDERS,
        "takes_passwords": settings.TAKES_PASSWORDS,
        "invitation_token": invitation,
    }


def signing_out_there(request: HttpRequest) -> tuple[str, str] | None:
    """Where to sign out at the provider by which the person signed in, as its address and its name; None if
    there is nothing. To be called before the session ends."""
    provider_id, id_token = request.session.get(SIGN_OUT_KEY) or ("", "")
    try:
        provider = provider_named(provider_id)
        address = discovered(provider).get("end_session_endpoint")
    except (SocialApp.DoesNotExist, *UNREACHABLE):
        return None
    if not isinstance(address, str):
        return None
    back = reverse("account_login")
    back = settings.PARLEY_URL + back if settings.SECURE else request.build_absolute_uri(back)
    query = {"client_id": provider.client_id, "post_logout_redirect_uri": back}
    if id_token:
        query["id_token_hint"] = id_token
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}", provider.name


def provider_or_404(provider_id: str) -> IdentityProvider:
    """The provider with this id. Raises NotFound if the settings have none."""
    try:
        return provider_named(provider_id)
    except SocialApp.DoesNotExist:
        raise NotFound from None
