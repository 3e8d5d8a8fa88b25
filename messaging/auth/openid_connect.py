"""Allauth's OpenID Connect, with Parley's checks: what is sent to a provider, and what its answer means."""

import hashlib
from collections.abc import Mapping
from typing import Any

import requests
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.urls import reverse

from messaging.auth.id_tokens import NotTrusted, checked_claims, discovered, fetch_json
from messaging.auth.provider_settings import IdentityProvider

ADDRESS_LENGTH = 254
SHOWN_LENGTH = 200
MOST_SECONDS = 10**11  # a time after the year 5000 is none


def provider_named(provider_id: str) -> IdentityProvider:
    """The provider with this id.

    Raises:
        SocialApp.DoesNotExist: the settings have none.
    """
    for provider in settings.OIDC_PROVIDERS:
        if provider.id == provider_id:
            return provider
    raise SocialApp.DoesNotExist


def app_of(provider: IdentityProvider) -> SocialApp:
    """The provider as allauth sees it: a row that is never stored."""
    return SocialApp(
        provider="openid_connect",
        provider_id=provider.id,
        name=provider.name,
        client_id=provider.client_id,
        secret=provider.secret,
        settings={"server_url": provider.discovery_url, "oauth_pkce_enabled": True, "scope": provider.scopes},
    )


class OpenIdAdapter(OpenIDConnectOAuth2Adapter):
    """Exchanges a code for tokens, and checks them.

    Attributes:
        state: what was kept in the session when the person was sent to the provider.
    """

    def __init__(self, request: HttpRequest, provider_id: str) -> None:
        super().__init__(request, provider_id)
        self.its_settings = provider_named(provider_id)
        self.state: dict[str, Any] = {}

    @property
    def openid_config(self) -> dict[str, Any]:
        return discovered(self.its_settings)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """With https it has the configured address, and not that of the Host header."""
        path = reverse("provider_callback", args=[self.provider_id])
        return settings.PARLEY_URL + path if settings.SECURE else request.build_absolute_uri(path)

    def get_access_token_data(self, *args: Any, **options: Any) -> dict[str, Any]:
        issuer = self.its_settings.issuer
        must_say = self.openid_config.get("authorization_response_iss_parameter_supported") is True
        if self.request.GET.get("iss", "" if must_say else issuer) != issuer:
            raise NotTrusted("The answer is that of another issuer, or does not name it (RFC 9207).")
        try:
            data: dict[str, Any] = super().get_access_token_data(*args, **options)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise NotTrusted(
                f"The token endpoint's answer was not understood: {type(error).__name__}."
            ) from None
        if not isinstance(data.get("id_token"), str):
            raise NotTrusted("The token endpoint sent no ID token.")
        return data

    def parse_token(self, data: Any) -> Any:
        """The access token, which is used once and not stored. How long it is valid does not matter."""
        return super().parse_token({"access_token": str(data["access_token"])})

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **options: Any) -> Any:
        id_token = options["response"]["id_token"]
        claims = checked_claims(
            self.its_settings, id_token, str((self.state.get("data") or {}).get("nonce", ""))
        )
        about = self._user_info(token.token)
        if about and about.get("sub") != claims["sub"]:
            raise NotTrusted("The user info is about somebody else.")
        self.state["id_token"], self.state["auth_time"] = id_token, _seconds(claims.get("auth_time"))
        said = _what_is_said(self.its_settings, claims, about)
        return self.get_provider().sociallogin_from_response(request, said)

    def _user_info(self, access_token: str) -> dict[str, Any]:
        if not (address := self.openid_config.get("userinfo_endpoint")):
            return {}
        return fetch_json(address, {"Authorization": f"Bearer {access_token}"})


def _what_is_said(
    provider: IdentityProvider, claims: Mapping[str, Any], about: Mapping[str, Any]
) -> dict[str, Any]:
    """What Parley needs of the claims and the user info. The signed claims come first; an address and whether
    it is verified are always of the same source."""
    both = {**about, **claims}
    email, is_verified = "", False
    for source in (claims, about):
        found = _address(source.get("email"))
        said = source.get("email_verified")
        verified = bool(found) and (said is True or said == "true" or provider.addresses_are_verified)
        if verified or not email:
            email, is_verified = found or email, verified
        if verified:
            break
    return {
        # The subject is unique for its issuer only, and longer than allauth's column.
        "uid": hashlib.sha256(f"{provider.issuer}\0{claims['sub']}".encode()).hexdigest(),
        "email": email,
        "is_verified": is_verified,
        "username": _text(both.get("preferred_username")) or email.partition("@")[0],
        "name": _text(both.get("name")),
        "groups": next(
            (found for found in map(provider.groups_in, (claims, about)) if found is not None), None
        ),
    }


def _address(value: object) -> str:
    if not isinstance(value, str) or len(value) > ADDRESS_LENGTH:
        return ""
    try:
        validate_email(value)
    except ValidationError:
        return ""
    return value


def _seconds(value: object) -> float | None:
    """A time in seconds since 1970."""
    return value if isinstance(value, (int, float)) and 0 < value < MOST_SECONDS else None


def _text(value: object) -> str:
    return value[:SHOWN_LENGTH] if isinstance(value, str) else ""


class OpenIdProvider(OpenIDConnectProvider):
    """A provider whose data are `_what_is_said`. Of them only what the person sees is stored."""

    oauth2_adapter_class = OpenIdAdapter

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["uid"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"shown": data["email"] or data["username"] or data["name"]}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> Any:
        login = super().sociallogin_from_response(request, response)
        login.said = response
        return login


class CallbackView(OAuth2CallbackView):
    """Allauth's: it takes the state out of the session, where it was for one use and ten minutes."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, refusal = super()._get_state(request, provider)
        if isinstance(self.adapter, OpenIdAdapter) and state is not None:
            self.adapter.state = state
        return state, refusal


UNREACHABLE = (requests.RequestException, NotTrusted)
