"""The identity providers: whether each answers, and as the settings name it. Nobody signs in."""

from collections.abc import Iterator

import requests
from django.conf import settings

from messaging.auth.id_tokens import NotTrusted, discover
from messaging.auth.provider_settings import PREFIX, IdentityProvider
from messaging.health.finding import Finding, fault, well


def check() -> Iterator[Finding]:
    if not settings.OIDC_PROVIDERS:
        yield well("There is no identity provider: people sign in by passwords and passkeys.")
    for provider in settings.OIDC_PROVIDERS:
        yield _answer(provider)


def _answer(provider: IdentityProvider) -> Finding:
    variable = f"{PREFIX}{provider.id.upper()}"
    try:
        discover(provider)
    except requests.RequestException as error:
        return fault(
            f"{provider.discovery_url} does not answer as it should ({type(error).__name__}).",
            f"Check the address in {variable}, and that this machine can reach it and knows its certificate.",
        )
    except NotTrusted as error:
        return fault(f"{provider.name}: {error}", f"Check the address in {variable} (docs/signing-in.md).")
    return well(f"{provider.name} answers as {provider.issuer}.")
