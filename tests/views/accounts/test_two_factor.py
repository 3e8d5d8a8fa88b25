"""Codes from an app, recovery codes, and invalid passkeys."""

import json
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import override

from messaging.models import User
from tests.factories import UserFactory
from tests.views.page import Page

pytestmark = pytest.mark.django_db
PASSWORD = "three grey seals"
LOGIN = reverse("account_login")
CODE = reverse("mfa_authenticate")
ODD = ["", "x", "null", "[]", "{}", '"x"', "1", '{"id": 1}', '{"response": []}', '{"id": "x", "rawId": "x"}']


@pytest.fixture
def mia() -> User:
    mia = UserFactory.create(username="mia")
    mia.set_password(PASSWORD)
    mia.save()
    return mia


@pytest.fixture
def hers(mia: User) -> Client:
    """Mia's browser, in which she has just shown who she is."""
    client = Client()
    client.post(LOGIN, {"login": "mia", "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def secret(hers: Client) -> str:
    """The key of her app, which she has set up."""
    place = reverse("mfa_activate_totp")
    page = Page(hers.get(place))
    found = next(
        one.attributes["value"] for one in page.elements if one.attributes.get("id") == "totp-secret"
    )
    answer = hers.post(place, {"code": code_of(found)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    return found


def test_changes_need_reauthentication(mia: User) -> None:
    client = Client()
    client.force_login(mia)  # without a password, as after a while
    for name in ("mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"):
        assert client.post(reverse(name))["Location"].startswith(reverse("account_reauthenticate"))
    wrong = client.post(reverse("account_reauthenticate"), {"password": "wrong"})
    assert wrong.status_code == 200
    assert Page(wrong).all("errors")
    assert not Authenticator.objects.exists()


def test_with_an_app_the_password_alone_lets_nobody_in(secret: str, mia: User) -> None:
    client = Client()
    answer = client.post(LOGIN, {"login": "mia", "password": PASSWORD})
    assert answer["Location"] == CODE
    assert client.get("/people/").status_code == 302
    assert Page(client.post(CODE, {"code": "000000"})).all("errors")
    assert client.get("/people/").status_code == 302
    Authenticator.objects.update(last_used_at=None)
    assert client.post(CODE, {"code": code_of(secret)}).status_code == 302
    assert client.get("/people/").status_code == 200


def test_a_recovery_code_lets_in_once(hers: Client, secret: str, mia: User) -> None:
    shown = hers.get(reverse("mfa_view_recovery_codes")).content.decode()
    codes = re.findall(r"<code>([0-9]+)</code>", shown)
    assert len(codes) == 10
    saved = hers.get(reverse("mfa_download_recovery_codes")).content.decode().split()
    assert saved == codes
    for code, lets_in in ((codes[0], True), (codes[0], False), (codes[1], True)):
        client = Client()
        client.post(LOGIN, {"login": "mia", "password": PASSWORD})
        client.post(CODE, {"code": code})
        assert (client.get("/people/").status_code == 200) is lets_in


def test_code_attempts_are_limited(secret: str, mia: User) -> None:
    client = Client()
    client.post(LOGIN, {"login": "mia", "password": PASSWORD})
    for _ in range(10):
        client.post(CODE, {"code": "000000"})
    page = Page(client.post(CODE, {"code": code_of(secret)}))
    assert page.all("errors")
    assert client.get("/people/").status_code == 302


def test_two_factor_can_be_turned_off(hers: Client, secret: str, mia: User) -> None:
    page = Page(hers.get(reverse("mfa_index")))
    assert reverse("mfa_deactivate_totp") in page.links
    assert "10 recovery codes are left" in page.html
    hers.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    assert Client().post(LOGIN, {"login": "mia", "password": PASSWORD})["Location"] == "/rooms/"


def test_an_invalid_passkey_is_refused(hers: Client, mia: User) -> None:
    places = [
        reverse("mfa_add_webauthn"),
        reverse("mfa_reauthenticate_webauthn"),
        reverse("mfa_login_webauthn"),
    ]
    for number, credential in enumerate([*ODD, json.dumps({"id": "x", "response": {"userHandle": "eA"}})]):
        for place in places:
            client = Client() if place == places[2] else hers
            fields = {"credential": credential, "passwordless": "on", "name": f"{number}"}
            assert client.get(place, headers={"Accept": "application/json"}).status_code < 400
            assert (place, credential, client.post(place, fields).status_code < 500) == (
                place,
                credential,
                True,
            )
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("form", ["add_webauthn", "edit_webauthn"])
def test_the_name_of_a_passkey_is_asked_for_in_each_language(form: str) -> None:
    with override("fr"):
        assert str(import_string(settings.MFA_FORMS[form]).base_fields["name"].label) == "Nom"


def test_the_code_of_an_app_is_no_code_of_a_program(secret: str, mia: User) -> None:
    client = Client()
    client.post(LOGIN, {"login": "mia", "password": PASSWORD})
    page = client.get(CODE, headers={"accept-language": "ar"}).content.decode()
    assert "الرمز" in page
    assert "رمز برمجي" not in page


def test_an_erased_person_leaves_no_authenticator(hers: Client, secret: str, mia: User) -> None:
    mia.delete()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    ("host", "is_offered"), [("127.0.0.1:8000", False), ("[::1]:8000", False), ("localhost:8000", True)]
)
def test_passkeys_are_offered_only_at_hosts_that_browsers_accept(
    hers: Client, host: str, is_offered: bool
) -> None:
    page = Page(hers.get(reverse("mfa_index"), headers={"Host": host}))
    assert (reverse("mfa_add_webauthn") in page.links) is is_offered
    assert ("open Parley at <b>http://localhost:8000</b>" in page.html) is not is_offered


def test_codes_of_an_app_change_every_half_minute() -> None:
    assert next(iter(yield_hotp_counters_from_time())) == int(time.time()) // 30
