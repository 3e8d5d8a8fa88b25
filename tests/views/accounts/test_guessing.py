"""Wrong passwords and codes of a signed-in person: one count for all forms, and none for sign-in."""

from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from messaging.auth import attempts
from messaging.models import User
from tests.factories import UserFactory
from tests.views.page import Answer, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PASSWORD = "three grey seals"
NEW = "two brown bears"
LOGIN = reverse("account_login")
# The places that ask a signed-in person for a password or a code, each with a wrong one.
PLACES = {
    "account_reauthenticate": {"password": "wrong"},
    "account_email": {"password": "wrong", "email": "new@mia.test"},
    "account_delete": {"password": "wrong"},
    "account_change_password": {
        "oldpassword": "wrong",
        "password1": "seals 22 aa",
        "password2": "seals 22 aa",
    },
    "mfa_reauthenticate": {"code": "000000"},
}


@pytest.fixture
def mia() -> User:
    mia = UserFactory.create(username="mia")
    mia.set_password(PASSWORD)
    mia.save()
    TOTP.activate(mia, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(mia)
    return mia


@pytest.fixture
def hers(mia: User) -> Iterator[Client]:
    client = Client()
    client.force_login(mia)
    yield client
    cache.clear()


def guess(client: Client, name: str) -> Answer:
    return client.post(reverse(name), PLACES[name])


def right_password(client: Client) -> Answer:
    return client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


@pytest.mark.parametrize("name", PLACES)
def test_ten_wrong_ones_in_any_form_stop_every_form(hers: Client, mia: User, name: str) -> None:
    for number in range(attempts.LIMIT.amount):
        other = list(PLACES)[number % len(PLACES)]
        assert guess(hers, other).status_code in (200, 422), other
    refused = guess(hers, name)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= attempts.LIMIT.duration
    page = Page(refused)
    assert "Too many wrong passwords or codes" in page.html
    assert [element for element in page.elements if element.tag == "input"]
    assert right_password(hers).status_code == 429
    mia.refresh_from_db()
    assert mia.check_password(PASSWORD)


def test_the_fields_of_a_refused_form_are_kept(hers: Client) -> None:
    for _ in range(attempts.LIMIT.amount):
        guess(hers, "account_delete")
    refused = guess(hers, "account_email")
    assert refused.status_code == 429
    assert Page(refused).field_value("email") == "new@mia.test"


def test_reading_goes_on_and_others_are_not_concerned(hers: Client) -> None:
    for _ in range(attempts.LIMIT.amount + 1):
        guess(hers, "account_reauthenticate")
    assert hers.get(reverse("conversation_list"), follow=True).status_code == 200
    assert hers.get(reverse("account_delete")).status_code == 200
    noor = UserFactory.create(username="noor")
    noor.set_password(PASSWORD)
    noor.save()
    client = Client()
    client.force_login(noor)
    assert right_password(client).status_code == 302


def test_a_right_password_is_not_counted(hers: Client) -> None:
    for _ in range(attempts.LIMIT.amount - 1):
        guess(hers, "account_reauthenticate")
    for _ in range(3):
        assert right_password(hers).status_code == 302
    assert guess(hers, "account_reauthenticate").status_code == 200
    assert right_password(hers).status_code == 429


def test_after_a_quarter_of_an_hour_it_goes_on(hers: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(attempts.LIMIT.amount + 1):
        refused = guess(hers, "account_reauthenticate")
    later = attempts.time.time() + int(refused["Retry-After"]) + 1
    monkeypatch.setattr(attempts.time, "time", lambda: later)
    assert right_password(hers).status_code == 302


def test_a_strangers_tries_at_sign_in_do_not_lock_out_who_is_signed_in(hers: Client, mia: User) -> None:
    stranger = Client()
    for _ in range(12):
        stranger.post(LOGIN, {"login": "mia", "password": "wrong"})
    assert right_password(hers).status_code == 302


def test_tries_of_who_is_signed_in_do_not_lock_the_sign_in(hers: Client, mia: User) -> None:
    for name in [*PLACES, *PLACES, "account_reauthenticate"]:
        guess(hers, name)
    answer = Client().post(LOGIN, {"login": "mia", "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate")


@pytest.fixture
def sign_in(mia: User) -> Callable[[], Client]:
    def signed_in() -> Client:
        Authenticator.objects.filter(user=mia).delete()
        client = Client()
        assert client.post(LOGIN, {"login": "mia", "password": PASSWORD}).status_code == 302
        return client

    return signed_in


def test_a_sign_in_a_moment_ago_is_enough_for_a_sensitive_page(
    sign_in: Callable[[], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in()
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    later = attempts.time.time() + 301
    monkeypatch.setattr(attempts.time, "time", lambda: later)
    assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(reverse("account_reauthenticate"))


def test_a_wrong_code_of_a_new_app_is_counted(sign_in: Callable[[], Client]) -> None:
    client = sign_in()
    for _ in range(attempts.LIMIT.amount):
        assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 200
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 429


def test_the_admins_own_password_form_is_not_another_place_to_guess(hers: Client, mia: User) -> None:
    User.objects.filter(pk=mia.pk).update(is_staff=True, is_superuser=True)
    answer = hers.post("/admin/password_change/", {"old_password": "wrong"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_change_password"))
