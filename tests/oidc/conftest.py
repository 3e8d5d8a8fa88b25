from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from messaging.auth.provider_settings import providers_from
from tests.oidc.provider import Provider
from tests.people import ada as ada
from tests.people import ben as ben
from tests.views import page
from tests.views.page import Answer

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The provider uses interfaces of its library that will change."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib"))


@pytest.fixture(scope="session")
def running() -> Iterator[Provider]:
    with Provider().running() as provider:
        yield provider


@pytest.fixture(scope="session")
def other(running: Provider) -> Iterator[Provider]:
    with Provider().running() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider, settings: Settings) -> Iterator[Provider]:
    """The site has one provider, Acme, in which Ada is, with the groups "staff" and "it"."""
    use(settings, ACME=running.url("name=Acme"))
    running.has("a1", email="ada@example.org", email_verified=True, name="Ada L.", preferred_username="ada")
    yield running
    running.tamper = running.tampers_user_info = running.tampers_discovery = None


def use(settings: Settings, **urls: str) -> None:
    """Set the providers of the site by their ids."""
    settings.OIDC_PROVIDERS = providers_from({f"PARLEY_OIDC_{name}": url for name, url in urls.items()})


def leads_to(answer: Answer) -> str:
    """The address at the provider to which a page leads on."""
    assert answer.status_code == 200, answer.status_code
    address: str = answer["Refresh"].removeprefix("0; url=")
    assert address in page.Page(answer).links
    return address


def begin(client: Client, provider: str = "acme", **form: str) -> str:
    """Press the button at the sign-in page. Returns the address at the provider."""
    return leads_to(client.post(reverse("provider_sign_in", args=[provider]), form))


def come_back(client: Client, address: str) -> Answer:
    """Follow the provider's redirect back."""
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


@pytest.fixture
def sign_in(provider: Provider) -> Callable[..., Answer]:
    """The whole way there and back. Returns the answer to the way back."""

    def go(client: Client, subject: str = "a1", **form: str) -> Answer:
        return come_back(client, provider.agrees(begin(client, **form), subject))

    return go
