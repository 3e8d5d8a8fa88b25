"""What `manage.py doctor` says of identity providers."""

import pytest
from pytest_django import Settings

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
