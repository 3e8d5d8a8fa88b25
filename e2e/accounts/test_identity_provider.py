"""The whole way by an identity provider, in a browser: there, back, linking, confirming, signing out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from e2e.accessibility import faults_of
from e2e.conftest import PASSWORD
from messaging.models import Conversation, User
from tests.oidc.conftest import provider as provider
from tests.oidc.conftest import running as running
from tests.oidc.provider import Provider

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")


def sign_in_there(page: Page, provider: Provider, subject: str) -> None:
    """On the provider's page, as this person."""
    page.wait_for_url(f"{provider.issuer}/oauth2/authorize?**")
    page.locator("input[name=sub]").fill(subject)
    page.locator("button", has_text="Authorize").first.click()


def test_the_whole_way_by_an_identity_provider(
    open_page: Callable[..., Page],
    provider: Provider,
    settings: Settings,
    ada: User,
    room: Conversation,
    script: bool,
) -> None:
    page = open_page(script=script)
    # Ada signs in by her password and links the provider.
    page.goto("/account/identities/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Link Acme").click()
    sign_in_there(page, provider, "a1")
    expect(page.get_by_text("You can now sign in with Acme.")).to_be_visible()
    expect(page.get_by_text("ada@example.org")).to_be_visible()
    assert not (script and faults_of(page))  # without script it would wait for ever
    # She signs out, which does not lead to the provider, and comes back by it to the page that she asked for.
    page.goto("/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(f"/conversations/{room.pk}/files/")
    page.get_by_role("button", name="Continue with Acme").click()
    sign_in_there(page, provider, "a1")
    expect(page).to_have_url(f"/conversations/{room.pk}/files/")
    # Passwords are turned off; she confirms her identity by the provider to delete her account, and does not.
    settings.TAKES_PASSWORDS = False
    page.goto("/account/provider/acme/again/?next=/account/delete/")
    page.get_by_role("button", name="Continue with Acme").click()
    sign_in_there(page, provider, "a1")
    expect(page.get_by_role("button", name="Delete my account and my messages")).to_be_visible()
    # Now signing out leads to the provider, and back.
    page.goto("/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{provider.issuer}/oauth2/end_session?**")
    page.locator("button").first.click()
    expect(page.get_by_role("button", name="Continue with Acme")).to_be_visible()
    expect(page.get_by_label("Password")).to_have_count(0)
