"""Whether a person has authenticated recently, and how they can do it again."""

import time
from typing import Any

from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.http import HttpRequest

from messaging.auth.provider_settings import IdentityProvider
from messaging.models import User
from messaging.models.accounts.identities import identities_of


def recently_authenticated(request: HttpRequest) -> bool:
    """Whether the person authenticated within the last five minutes, in this session.

    If somebody is still signed in at a provider, it asks nothing, no matter who is at the browser. So a
    sign-in by a provider counts from the time at which it asked (`auth_time`), and not at all if it does not
    say. A confirmation always counts, because the provider is told to ask.
    """
    since = time.time() - REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(_authenticated_at(record) > since for record in records)


def _authenticated_at(record: dict[str, Any]) -> float:
    """In seconds since 1970, as in the records."""
    at: float = record["at"]
    if record["method"] != "socialaccount" or record.get("reauthenticated"):
        return at
    return min(at, record.get("auth_time") or 0)


def note_auth_time(request: HttpRequest, user: User, auth_time: float | None) -> None:
    """Add to the record of the newest sign-in when the provider asked the person.

    Args:
        auth_time: in seconds since 1970; None if the provider does not say.
    """
    if records := get_authentication_records(request, user):
        records[-1]["auth_time"] = auth_time
        request.session.modified = True


def linked_identities(user: User) -> list[tuple[IdentityProvider, SocialAccount]]:
    """The person's identities at the site's providers, by provider."""
    known = {provider.id: provider for provider in settings.OIDC_PROVIDERS}
    if not known:
        return []
    return [(known[one.provider], one) for one in identities_of(user, known)]


def recently_authenticated_without_password(request: Any) -> bool | None:
    """Whether somebody who has an identity provider and no password authenticated recently.

    None for everybody else: they are asked for their password.
    """
    uses_password = settings.TAKES_PASSWORDS and request.user.has_usable_password()
    if uses_password or not linked_identities(request.user):
        return None
    return recently_authenticated(request)
