"""A person's identities at identity providers, in their settings; and an account for a new identity."""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.ratelimit import consume_or_429
from allauth.mfa.webauthn.internal.auth import get_credentials
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from messaging.access.decorators import MemberRequest, sign_in_required
from messaging.access.lookups import NotFound
from messaging.auth.identity_adapter import (
    LINK,
    SIGN_UP_KEY,
    SIGN_UP_SECONDS,
    needs_no_invitation,
    remember_provider,
)
from messaging.auth.provider_settings import IdentityProvider
from messaging.auth.recent_sign_in import linked_identities, recently_authenticated
from messaging.forms.accounts.provider_sign_up import ProviderSignUpForm
from messaging.models import Installation, Invitation, User
from messaging.models.accounts.identities import link, take_role, unlink
from messaging.models.db.refusals import Refused
from messaging.views.accounts.identity_provider import provider_or_404, to_provider
from messaging.views.responses import render_page


@require_safe
@sign_in_required
@never_cache
def identity_list(request: MemberRequest) -> HttpResponse:
    """The identity providers, and which of them the person has linked."""
    if not settings.OIDC_PROVIDERS:
        raise NotFound
    linked = {provider.id: identity for provider, identity in linked_identities(request.user)}
    rows = [(provider, linked.get(provider.id)) for provider in settings.OIDC_PROVIDERS]
    is_last = len(linked) == 1 and not _has_other_way(request.user)
    return render_page(request, "messaging/accounts/identities.html", {"rows": rows, "is_last": is_last})


@require_POST
@sign_in_required
def identity_link(request: MemberRequest, provider: str) -> HttpResponse:
    """Send the person to the provider, to link their identity there. Needs a recent sign-in."""
    found = provider_or_404(provider)
    _require_recent_sign_in(request)
    return to_provider(request, found, LINK)


@require_POST
@sign_in_required
def identity_unlink(request: MemberRequest, provider: str) -> HttpResponse:
    """Unlink the identity of this provider. Needs a recent sign-in."""
    linked = {one.id: (one, identity) for one, identity in linked_identities(request.user)}
    if provider in linked:
        _require_recent_sign_in(request)
        found, identity = linked[provider]
        known = [one.id for one in settings.OIDC_PROVIDERS]
        try:
            unlink(identity, known, has_other_way=_has_other_way(request.user))
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            messages.success(request, _("You no longer sign in with %(name)s.") % {"name": found.name})
    return redirect("identity_list")


def _require_recent_sign_in(request: MemberRequest) -> None:
    if not recently_authenticated(request):
        raise ReauthenticationRequired


def _has_other_way(user: User) -> bool:
    """Whether the person can sign in without an identity provider."""
    return settings.TAKES_PASSWORDS and (user.has_usable_password() or bool(get_credentials(user)))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def provider_sign_up(request: HttpRequest) -> HttpResponse:
    """An account for somebody who comes from an identity provider for the first time."""
    waiting = request.session.get(SIGN_UP_KEY)
    if request.user.is_authenticated or not waiting or waiting["at"] < time.time() - SIGN_UP_SECONDS:
        return redirect("account_login")
    if request.method == "POST" and (refusal := consume_or_429(request, action="signup")):
        return refusal
    provider = provider_or_404(waiting["provider"])
    form = ProviderSignUpForm(request.POST if request.method == "POST" else None, waiting=waiting)
    if form.is_valid():
        try:
            with transaction.atomic():
                person, rooms = _join(form, provider, waiting)
        except IntegrityError:
            if not User.objects.filter(username=form.cleaned_data["username"]).exists():
                raise
            form.add_error("username", _("This username is already taken."))
        except Refused as refused:
            if refused.code != "over":
                raise
            return render(request, "messaging/accounts/invitation_over.html", status=404)
        else:
            del request.session[SIGN_UP_KEY]
            login(request, person, settings.AUTHENTICATION_BACKENDS[0])
            asked_at = waiting["auth_time"]
            record_authentication(request, person, "socialaccount", provider=provider.id, auth_time=asked_at)
            remember_provider(request, provider, waiting["id_token"])
            return _first_page(waiting, rooms)
    context = {"form": form, "provider": provider, "waiting": waiting}
    context["site_name"] = Installation.objects.current().name
    return render(request, "account/provider_sign_up.html", context, status=422 if form.errors else 200)


def _join(
    form: ProviderSignUpForm, provider: IdentityProvider, waiting: dict[str, Any]
) -> tuple[User, list[Any]]:
    """Create the account in the transaction of the caller: with the role and the rooms of the invitation, and
    with what the provider says.

    Raises:
        Refused: ("over") it needs an invitation, and there is none that still works. This is decided here, so
            that of several people with the same invitation only as many come in as it is for.
    """
    invitation = Invitation.objects.by_token(waiting["invitation"]) if waiting["invitation"] else None
    if invitation:
        invitation.use()
    elif not needs_no_invitation(provider):
        raise Refused("over", _("This link is no longer valid."))
    person = User(
        username=form.cleaned_data["username"],
        display_name=form.cleaned_data["display_name"],
        email=waiting["email"],
        email_confirmed=bool(waiting["email"]),
        role=invitation.role if invitation else User.Role.MEMBER,
    )
    person.set_unusable_password()
    person.save()
    link(person, provider.id, waiting["uid"], waiting["shown"])
    groups = waiting["groups"] or ()  # without the claim, as if they were in no group
    take_role(person, provider.id, groups, provider.administrators, provider.members)
    return person, invitation.add_to_rooms(person) if invitation else []


def _first_page(waiting: dict[str, Any], rooms: list[Any]) -> HttpResponse:
    if rooms:
        return redirect("conversation", rooms[0].pk)
    is_safe = waiting["next"] and get_adapter().is_safe_url(waiting["next"])
    return redirect(waiting["next"] if is_safe else "room_list")
