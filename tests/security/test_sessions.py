"""A session is new at each sign-in, and worth nothing after its end."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from messaging.models import Session, User

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PASSWORD = "three grey seals"


@pytest.fixture
def ada(ada: User) -> User:
    ada.set_password(PASSWORD)
    ada.save()
    return ada


def cookie_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def sign_in(client: Client) -> str:
    client.post(reverse("account_login"), {"login": "ada", "password": PASSWORD})
    assert client.get("/").status_code == 200
    return cookie_of(client)


def test_signing_in_begins_a_new_one(client: Client, ada: User) -> None:
    given = client.session  # one that somebody else could have put there
    given["from"] = "elsewhere"
    given.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(given.session_key)
    keys = {str(given.session_key), sign_in(client), sign_in(Client())}
    assert len(keys) == 3
    assert all(len(key) == 32 for key in keys)  # of 36 signs each: 165 bits
    assert not Session.objects.filter(session_key=given.session_key).exists()


def test_after_signing_out_the_old_one_opens_nothing_and_the_browser_keeps_nothing(
    client: Client, ada: User
) -> None:
    before = sign_in(client)
    answer = client.post(reverse("account_logout"))
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(session_key=before).exists()
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    assert client.get("/").status_code == 302


def test_nothing_with_ones_own_in_it_is_kept_unasked(client: Client, ada: User) -> None:
    sign_in(client)
    for name in ("conversation_list", "account", "notification_list", "unread_list", "session_list"):
        kept = client.get(reverse(name)).get("Cache-Control", "")
        assert "no-store" in kept or ("private" in kept and "no-cache" in kept), (name, kept)


@pytest.mark.parametrize("code", ["0", "9" * 32, "../../etc/passwd", "' OR 1=1 --"])
def test_one_that_is_made_up_is_nobodys(client: Client, ada: User, code: str) -> None:
    sign_in(Client())
    client.cookies[settings.SESSION_COOKIE_NAME] = code
    assert client.get("/")["Location"].startswith(reverse("account_login"))
