"""Whether a person has proved lately who they are, and by what they can prove it."""

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


def proved_recently(request: HttpRequest) -> bool:
    """Whether they signed in, or confirmed their identity, in the last five minutes in this session.

    A provider where somebody is signed in already asks nothing, and anybody at their browser comes in. So a
    sign-in there counts from when the provider asked, if it says that, and else not at all, unless it was a
    confirmation, for which it is told to ask.
    """
    since = time.time() - REAUTHENTICATION_TIMEOUT
    return any(_proved_at(record) > since for record in get_authentication_records(request, request.user))


def _proved_at(record: dict[str, Any]) -> float:
    """In seconds since 1970, as in the records."""
    at: float = record["at"]
    if record["method"] != "socialaccount" or record.get("reauthenticated"):
        return at
    return min(at, record.get("auth_time") or 0)


def note_auth_time(request: HttpRequest, user: User, auth_time: float | None) -> None:
    """Add to the record of a sign-in that allauth has just made when the provider asked the person.

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


def has_proved(request: Any) -> bool | None:
    """For somebody who has an identity provider and no password, whether they have proved lately who they
    are. None for everybody else: they are asked for their password."""
    uses_password = settings.TAKES_PASSWORDS and request.user.has_usable_password()
    if uses_password or not linked_identities(request.user):
        return None
    return proved_recently(request)
