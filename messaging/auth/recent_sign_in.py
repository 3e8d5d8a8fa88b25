"""Whether a person has authenticated recently, and by what they can do it again."""

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
    """Whether the person authenticated within the last five minutes, in this session."""
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < REAUTHENTICATION_TIMEOUT


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
