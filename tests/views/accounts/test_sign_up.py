"""Making an account: where it is open, what it asks, and where it leads."""

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from messaging.models import Installation, User
from tests.factories import UserFactory, open_sign_up
from tests.views.page import Answer, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
SIGN_UP = "/account/signup/"
PASSWORD = "three grey seals"


@pytest.fixture
def is_open(db: None) -> None:
    open_sign_up()


def sign_up(client: Client, **fields: str) -> Answer:
    given = {"username": "ada", "password1": PASSWORD, "password2": PASSWORD} | fields
    return client.post(SIGN_UP, given)


def test_by_default_it_is_closed_and_says_whom_to_ask(client: Client) -> None:
    assert SIGN_UP not in Page(client.get(reverse("account_login"))).links
    for answer in (client.get(SIGN_UP), sign_up(client)):
        assert "ask an administrator" in answer.content.decode().lower()
        assert not Page(answer).all("field")
    assert not User.objects.exists()


@pytest.mark.usefixtures("is_open")
def test_a_newcomer_is_led_to_the_rooms_and_signed_in(client: Client) -> None:
    Installation.objects.update(name="Harbour & Sons")
    for place in (reverse("account_login"), SIGN_UP):
        assert "Harbour &amp; Sons" in client.get(place).content.decode()
    assert SIGN_UP in Page(client.get(reverse("account_login"))).links
    answer = sign_up(client, display_name=" Ada  King ", email="Ada@example.org")
    assert answer["Location"] == reverse("room_list")
    ada = User.objects.get()
    assert (ada.username, ada.display_name, ada.email) == ("ada", "Ada King", "ada@example.org")
    assert (ada.is_staff, ada.is_superuser, ada.theme) == (False, False, "system")
    assert client.get(reverse("room_list")).status_code == 200


@pytest.mark.usefixtures("is_open")
def test_capital_letters_in_the_username_are_taken_as_small_ones(client: Client) -> None:
    assert sign_up(client, username="Ada.L").status_code == 302
    assert User.objects.get().username == "ada.l"


@pytest.mark.usefixtures("is_open")
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"username": "ben"}, "already exists"),
        ({"username": "BEN"}, "already exists"),
        ({"username": "ada lovelace"}, "lowercase letters"),
        ({"username": "ädä"}, "lowercase letters"),
        ({"username": "ada."}, "must end with a letter"),
        ({"username": "-"}, "must end with a letter"),
        ({"username": "."}, "must end with a letter"),
        ({"username": "a" * 65}, "at most 64"),
        ({"display_name": "x" * 81}, "the limit is 80"),
        ({"email": "nowhere"}, "valid email"),
        ({"password1": "12345678", "password2": "12345678"}, "too common"),
        ({"password2": "three grey geese"}, "same password"),
    ],
)
def test_errors_are_shown_and_the_typed_values_are_kept(
    client: Client, ben: User, fields: dict[str, str], said: str
) -> None:
    typed = {"display_name": "Ada King", "email": "ada@example.org"} | fields
    page = Page(sign_up(client, **typed))
    assert said in " ".join(errors.text for errors in page.all("errors"))
    assert page.field_value("display_name") == typed["display_name"]
    assert page.field_value("email") == typed["email"]
    assert list(User.objects.all()) == [ben]


@pytest.mark.usefixtures("is_open")
def test_the_second_of_two_simultaneous_sign_ups_with_a_username_gets_an_error(
    client: Client, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def still_free(adapter: object, username: str, shallow: bool = False) -> str:
        return username

    monkeypatch.setattr("messaging.auth.account_adapter.AccountAdapter.clean_username", still_free)
    page = Page(sign_up(client, username="ben", display_name="Ada King"))
    assert "taken" in page.all("errors")[0].text
    assert page.field_value("display_name") == "Ada King"
    assert list(User.objects.all()) == [ben]


@pytest.mark.usefixtures("is_open")
def test_an_address_that_another_account_has_tells_nothing_about_it(client: Client) -> None:
    UserFactory.create(email="ada@example.org")
    assert sign_up(client, email="ada@example.org").status_code == 302


@pytest.mark.usefixtures("is_open")
def test_sign_ups_are_limited_even_with_forged_headers(client: Client) -> None:
    caches["default"].clear()
    claims = [{"X-Forwarded-For": f"10.0.0.{number}"} for number in range(21)]
    statuses = [client.post(SIGN_UP, {"username": "x"}, headers=claim).status_code for claim in claims]
    assert statuses == [200] * 20 + [429]


@pytest.mark.usefixtures("is_open")
def test_a_username_has_one_name_in_a_language(client: Client) -> None:
    german = {"accept-language": "de"}
    sign_in = reverse("account_login")
    pages = [client.get(page, headers=german) for page in (SIGN_UP, sign_in)]
    pages.append(client.post(sign_in, {"login": "ada", "password": "wrong"}, headers=german))
    for page in pages:
        assert "Benutzername" in page.content.decode()
        assert "Anmeldename" not in page.content.decode()
    assert "Der Benutzername oder das Passwort ist falsch." in pages[-1].content.decode()
