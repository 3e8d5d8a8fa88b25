"""Pages with a secret are not compressed, so that their length says nothing about it (BREACH)."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from messaging.http.compression import SHORTEST_BYTES
from messaging.models import Installation, Message, User
from tests.security.matrix import RULES
from tests.security.test_content_policy import page_addresses
from tests.views.accounts.test_two_factor import code_of
from tests.views.page import FRAGMENT, Answer, Page

pytestmark = pytest.mark.django_db
PASSWORD = "three grey seals"
COMPRESS = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def ada(ada: User) -> User:
    """An owner with a password."""
    ada.role, ada.is_staff, ada.is_superuser = User.Role.OWNER, True, True
    ada.set_password(PASSWORD)
    ada.save()
    return ada


def compressed(answer: Answer) -> bool:
    return answer.has_header("Content-Encoding")


def assert_sent_as_it_is(answer: Answer, secret: str = "") -> None:
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert not compressed(answer)
    assert secret in answer.content.decode()


def test_pages_without_a_secret_are_compressed_and_others_are_not(as_ada: Client, message: Message) -> None:
    seen = set()
    for headers in (COMPRESS, COMPRESS | FRAGMENT):
        for place in page_addresses(message):
            answer = as_ada.get(place, headers=headers)
            is_secret = "no-store" in answer["Cache-Control"] if answer.has_header("Cache-Control") else False
            is_long = compressed(answer) or len(answer.content) >= SHORTEST_BYTES
            assert (place, compressed(answer)) == (place, is_long and not is_secret)
            seen.add((compressed(answer), is_secret))
    assert {(True, False), (False, True)} <= seen


def test_no_page_below_account_is_compressed(as_ada: Client) -> None:
    places = [reverse(name) for name, rule in RULES.items() if rule.takes is None]
    below = [place for place in places if place.startswith(reverse("account"))]
    assert len(below) > 10
    for place in below:
        answer = as_ada.get(place, headers=COMPRESS)
        assert (place, compressed(answer)) == (place, False)
        assert "no-store" in answer["Cache-Control"]


def test_a_new_invitation_and_its_page_are_not_compressed(as_ada: Client, client: Client) -> None:
    given = {"role": "member", "uses": "1", "days": "7"}
    as_ada.post(reverse("invitation_list"), given)
    shown = as_ada.get(reverse("invitation_list"), headers=COMPRESS)
    link = re.findall(r'value="http://testserver(/invitations/[^"]+)"', shown.content.decode())[0]
    assert_sent_as_it_is(shown, link)
    assert_sent_as_it_is(client.get(link, headers=COMPRESS))


def test_password_reset_links_and_their_pages_are_not_compressed(
    as_ada: Client, ben: User, client: Client, settings: Settings
) -> None:
    made = as_ada.post(reverse("person_reset_link", args=[ben.pk]), headers=COMPRESS)
    link = re.findall(r'value="http://testserver(/account/password/reset/key/[^"]+)"', made.content.decode())[
        0
    ]
    assert_sent_as_it_is(made, link)
    opened = client.get(link, headers=COMPRESS)
    assert not compressed(opened)
    assert_sent_as_it_is(client.get(opened["Location"], headers=COMPRESS), "password1")
    settings.HAS_MAIL_SERVER = True
    assert_sent_as_it_is(client.get(reverse("account_reset_password"), headers=COMPRESS))


def test_recovery_codes_and_the_key_of_an_app_are_not_compressed(client: Client, ada: User) -> None:
    client.post(reverse("account_login"), {"login": "ada", "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"), headers=COMPRESS)
    assert_sent_as_it_is(page, "totp-secret")
    found = next(one for one in Page(page).elements if one.attributes.get("id") == "totp-secret")
    client.post(reverse("mfa_activate_totp"), {"code": code_of(found.attributes["value"])})
    assert_sent_as_it_is(client.get(reverse("mfa_view_recovery_codes"), headers=COMPRESS), "<code>")
    saved = client.get(reverse("mfa_download_recovery_codes"), headers=COMPRESS)
    assert not compressed(saved)
    assert "no-store" in saved["Cache-Control"]


def test_the_page_of_the_set_up_link_is_not_compressed(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.http.middleware.SetUpMiddleware.is_set_up", False)
    link = reverse("set_up", args=[Installation.objects.new_setup_link()])
    assert_sent_as_it_is(client.get(link, headers=COMPRESS))
