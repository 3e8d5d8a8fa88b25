"""Every page of a person's own settings is in one frame: the sidebar, and the list of all settings."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from messaging.models import Installation, User
from tests.factories import UserFactory
from tests.views.page import Page

pytestmark = pytest.mark.django_db
PASSWORD = "three grey seals"
LISTED = [
    *("account", "account_status", "account_notifications", "account_keyboard"),
    *("account_change_password", "mfa_index", "session_list", "account_email"),
    *("account_files", "block_list", "own_reports", "account_delete"),
]
BELOW = [  # what these lead to, most of it allauth's
    *("mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes", "mfa_view_recovery_codes"),
    *("mfa_deactivate_totp", "account_reauthenticate", "mfa_reauthenticate"),
]


@pytest.fixture
def mia() -> User:
    mia = UserFactory.create(username="mia")
    mia.set_password(PASSWORD)
    mia.save()
    return mia


@pytest.fixture
def hers(mia: User) -> Client:
    """Mia's browser, in which she has just signed in, and set up an app and recovery codes."""
    client = Client()
    client.post(reverse("account_login"), {"login": "mia", "password": PASSWORD})
    TOTP.activate(mia, generate_totp_secret())
    RecoveryCodes.activate(mia)
    return client


def listed(page: Page) -> dict[str, bool]:
    """The settings that the page lists, and whether each is this page."""
    [nav] = page.all("settings-nav")
    links = [one for one in page.elements if one.tag == "a" and nav in one.inside]
    return {link.attributes["href"]: "aria-current" in link.attributes for link in links}


@pytest.mark.parametrize("name", [*LISTED, *BELOW])
def test_every_settings_page_has_the_sidebar_and_lists_all_settings(hers: Client, name: str) -> None:
    if name == "mfa_activate_totp":
        hers.post(reverse("mfa_deactivate_totp"))
    answer = hers.get(reverse(name))
    page = Page(answer)
    assert answer.status_code == 200
    links = listed(page)
    assert set(links) == {reverse(one) for one in [*LISTED, "account_export"]}
    assert [place for place, is_here in links.items() if is_here] == [reverse(name)] * (name in LISTED)
    [main] = [one for one in page.elements if one.tag == "main"]
    assert len([one for one in page.elements if one.tag == "h1" and main in one.inside]) == 1
    assert page.all("sidebar")
    title = next(one.text for one in page.elements if one.tag == "title")
    assert title.endswith(f"· {Installation.objects.current().name}")


@pytest.mark.parametrize("name", ["account_change_password", "account_email", "account_delete"])
def test_a_refused_form_of_the_settings_is_shown_in_the_same_frame(hers: Client, name: str) -> None:
    fields = {
        "oldpassword": "wrong",
        "password": "wrong",
        "password1": "x",
        "password2": "y",
        "email": "a@b.test",
    }
    page = Page(hers.post(reverse(name), fields))
    assert page.all("errors")
    assert page.all("settings-nav")
    assert page.all("sidebar")


def test_a_visitor_sees_no_frame_of_settings(client: Client) -> None:
    for name in ("account_login", "account_reset_password"):
        assert not Page(client.get(reverse(name))).all("settings-nav")
    assert client.get(reverse("account_change_password")).status_code == 302
    assert client.get(reverse("mfa_activate_totp")).status_code == 302


def test_a_changed_password_is_confirmed_in_our_words(hers: Client) -> None:
    fields = {"oldpassword": PASSWORD, "password1": "five grey seals", "password2": "five grey seals"}
    page = Page(hers.post(reverse("account_change_password"), fields, follow=True))
    assert page.all("notice")[0].text.strip() == "Your password was changed."
    labels = [
        one.text.strip()
        for one in Page(hers.get(reverse("account_change_password"))).elements
        if one.tag == "label" and any(around.tag == "main" for around in one.inside)
    ]
    assert labels == ["Current password", "New password", "New password (again)"]
