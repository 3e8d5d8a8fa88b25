"""What an identity provider says of itself, and the ID tokens that it signs (OpenID Connect Core 3.1.3.7).

Allauth does not check the signature of a token that it fetched itself, and sends no nonce. Here each token is
checked completely, so that a provider, a proxy or a cache that mixes answers up signs nobody in.
"""

import json
from typing import Any, Final

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.core.cache import cache

from messaging.auth.provider_requests import ProviderSession
from messaging.auth.provider_settings import IdentityProvider

KEPT_SECONDS: Final = 600  # how long a discovery document and the keys are cached
LEEWAY_SECONDS: Final = 60  # by which two clocks may differ
# Only signatures with a public key. With HS256 the key would be the secret, and `none` is no signature.
ALGORITHMS: Final = [f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)] + ["EdDSA"]


class NotTrusted(OAuth2Error):
    """An answer of the provider that cannot be trusted. The text is for the log, and contains no token."""


def fetch_json(url: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """A JSON object from the provider.

    Raises:
        requests.RequestException: it cannot be reached, answers with an error, or goes beyond the limits of
            `ProviderSession`.
        NotTrusted: the answer is something else.
    """
    with ProviderSession() as session:
        answer = session.get(url, headers=headers)
    answer.raise_for_status()
    try:
        found = answer.json()
    except RecursionError:
        raise NotTrusted(f"{url} answers with too deep a JSON.") from None
    if not isinstance(found, dict):
        raise NotTrusted(f"{url} answers with no JSON object.")
    return found


def discovered(provider: IdentityProvider) -> dict[str, Any]:
    """The provider's discovery document, cached for ten minutes.

    Raises:
        requests.RequestException: it cannot be fetched.
        NotTrusted: it names another issuer, lacks an address, or has https itself and an address without.
    """
    key = f"oidc:{provider.discovery_url}"
    if kept := cache.get(key):
        return dict(kept)
    found = discover(provider)
    cache.set(key, found, KEPT_SECONDS)
    return found


def discover(provider: IdentityProvider) -> dict[str, Any]:
    """Fetch the discovery document, without the cache. Raises as `discovered`."""
    found = fetch_json(provider.discovery_url)
    if found.get("issuer") != provider.issuer:
        raise NotTrusted(f"The issuer calls itself {found.get('issuer')!r}, and not {provider.issuer!r}.")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(found.get(name), str):
            raise NotTrusted(f"{provider.discovery_url} names no {name}.")
    for name in (
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "userinfo_endpoint",
        "end_session_endpoint",
    ):
        address = found.get(name)
        if (
            address
            and provider.issuer.startswith("https:")
            and not str(address).lower().startswith("https://")
        ):
            raise NotTrusted(
                f"The {name} of {provider.issuer} is {str(address)[:200]!r}: what is sent there would travel "
                "unencrypted. The provider must name an https address; behind a proxy it often has to be "
                "told its own."
            )
    return found


def checked_claims(provider: IdentityProvider, token: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token.

    Args:
        nonce: what was sent with the request that this token answers.

    Raises:
        NotTrusted: its signature, issuer, audience, time or nonce is wrong.
        requests.RequestException: the provider's keys cannot be fetched.
    """
    try:
        header = jwt.get_unverified_header(token)
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_key(provider, header),
            algorithms=ALGORITHMS,
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub", "nonce"]},
        )
    except (jwt.PyJWTError, TypeError, ValueError) as error:
        raise NotTrusted(f"The ID token is not valid: {type(error).__name__}.") from error
    if not (nonce and claims["nonce"] == nonce):
        raise NotTrusted("The ID token answers another request: its nonce is a different one.")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else provider.client_id) != provider.client_id:
        raise NotTrusted("The ID token was made for another client.")
    if not (isinstance(claims["sub"], str) and claims["sub"]):
        raise NotTrusted("The ID token names nobody.")
    return claims


def _key(provider: IdentityProvider, header: dict[str, Any]) -> jwt.PyJWK:
    """The public key that a token names. If it is not among the cached ones, the keys are fetched again.

    Raises:
        NotTrusted: there is none.
    """
    for keys in (_keys(provider), _keys(provider, anew=True)):
        usable = [key for key in keys if key.get("use", "sig") == "sig" and key.get("kty") != "oct"]
        named = [key for key in usable if key.get("kid") == header.get("kid")]
        if found := named or (usable if len(usable) == 1 and not header.get("kid") else []):
            alg = found[0].get("alg") or header.get("alg")
            if alg not in ALGORITHMS or header.get("alg") != alg:
                raise NotTrusted("The ID token is signed by an algorithm that is not accepted.")
            return jwt.PyJWK(found[0], algorithm=alg)
    raise NotTrusted("The ID token is signed by a key that the provider does not publish.")


def _keys(provider: IdentityProvider, anew: bool = False) -> list[dict[str, Any]]:
    address = discovered(provider)["jwks_uri"]
    key = f"oidc:{address}"
    kept = None if anew else cache.get(key)
    if kept is None:
        kept = json.dumps(fetch_json(address).get("keys"))
        cache.set(key, kept, KEPT_SECONDS)
    return [one for one in json.loads(kept) or [] if isinstance(one, dict)]
