"""What `manage.py doctor` says of identity providers."""

from typing import Any

import pytest
from pytest_django import Settings

from messaging.auth import id_tokens
from messaging.auth.id_tokens import discovered
from messaging.health.checks import providers
from messaging.health.finding import State
from tests.health.test_doctor import found
from tests.oidc.conftest import use
from tests.oidc.provider import Provider

pytestmark = pytest.mark.django_db


def test_each_provider_is_asked_for_its_addresses(settings: Settings) -> None:
    settings.OIDC_PROVIDERS = []
    assert "There is no identity provider" in found(providers, State.WELL)
    with Provider().running() as provider:
        urls = {"ACME": provider.url("name=Acme"), "SLASH": provider.url().rstrip("/") + "/?name=Slash"}
        use(settings, GONE="http://id:secret@127.0.0.1:9/x", **urls)
        assert found(providers, State.WELL) == f"Acme answers as {provider.issuer}."
        gone, slash = found(providers, State.FAULT).splitlines()
        assert gone.startswith("http://127.0.0.1:9/x/.well-known/openid-configuration does not answer")
        assert slash.startswith(f"Slash: The issuer calls itself {provider.issuer!r}, and not")
        discovered(settings.OIDC_PROVIDERS[0])
    assert found(providers, State.WELL) == ""  # what is kept of the last answer hides nothing


ISSUER = "https://login.example.org/staff"
ENDPOINTS = (
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "userinfo_endpoint",
    "end_session_endpoint",
)


@pytest.mark.parametrize("name", [None, *ENDPOINTS])
@pytest.mark.parametrize("address", ["http://login.example.org/x", "ftp://login.example.org/x", "/x"])
def test_an_https_issuer_must_not_name_addresses_without_https(
    name: str | None, address: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_there: dict[str, Any] = {
        "issuer": ISSUER,
        **dict.fromkeys(ENDPOINTS, "HTTPS://login.example.org/x"),
    }
    if name:
        found_there[name] = address
    monkeypatch.setattr(id_tokens, "fetch_json", lambda url: found_there)
    use(settings, ACME="https://id:secret@login.example.org/staff?name=Acme")
    if name is None:
        assert found(providers, State.WELL) == f"Acme answers as {ISSUER}."
        return
    said = found(providers, State.FAULT)
    assert said.startswith(f"Acme: The {name} of {ISSUER} is '{address}': what is sent there would travel")
    with pytest.raises(id_tokens.NotTrusted):  # nobody signs in by it either
        discovered(settings.OIDC_PROVIDERS[0])
