"""A session is new at each sign-in, and invalid after its end."""

from collections.abc import Callable

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from messaging.live.authorization import visitor_of
from messaging.models import AccountDeletion, Session, User
from messaging.models.accounts.moderation import ban, deactivate
from messaging.models.accounts.two_factor import reset as reset_two_factor
from tests.factories import UserFactory

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


def test_signing_in_creates_a_new_session(client: Client, ada: User) -> None:
    given = client.session  # one that somebody else could have put there
    given["from"] = "elsewhere"
    given.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(given.session_key)
    keys = {str(given.session_key), sign_in(client), sign_in(Client())}
    assert len(keys) == 3
    assert all(len(key) == 32 for key in keys)  # of 36 possible characters each: 165 bits
    assert not Session.objects.filter(session_key=given.session_key).exists()


def test_a_session_is_read_with_its_person_and_is_theirs_whom_its_data_name(
    client: Client, ada: User, ben: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    key = sign_in(client)
    with django_assert_num_queries(1):
        visitor = visitor_of(key)
    assert visitor
    assert visitor.user_id == ada.pk
    Session.objects.filter(session_key=key).update(user=ben)
    visitor = visitor_of(key)
    assert visitor
    assert visitor.user_id == ada.pk
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert client.get("/").status_code == 200
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert client.get("/").status_code == 302


def test_after_signing_out_the_old_one_opens_nothing_and_the_browser_keeps_nothing(
    client: Client, ada: User
) -> None:
    before = sign_in(client)
    answer = client.post(reverse("account_logout"))
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(session_key=before).exists()
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    assert client.get("/").status_code == 302


def test_personal_pages_are_not_cached_without_revalidation(client: Client, ada: User) -> None:
    sign_in(client)
    for name in ("conversation_list", "account", "inbox", "session_list"):
        kept = client.get(reverse(name)).get("Cache-Control", "")
        assert "no-store" in kept or ("private" in kept and "no-cache" in kept), (name, kept)


def test_account_pages_are_not_stored(client: Client, ada: User) -> None:
    sign_in(client)
    for name in ("account", "mfa_index", "mfa_activate_totp", "account_reauthenticate", "session_list"):
        response = client.get(reverse(name))
        assert "no-store" in response.get("Cache-Control", ""), name


@pytest.mark.parametrize("code", ["0", "9" * 32, "../../etc/passwd", "' OR 1=1 --"])
def test_an_invented_session_key_is_anonymous(client: Client, ada: User, code: str) -> None:
    sign_in(Client())
    client.cookies[settings.SESSION_COOKIE_NAME] = code
    assert client.get("/")["Location"].startswith(reverse("account_login"))


ENDS: dict[str, Callable[[User, User, Client], object]] = {
    "a new password": lambda ada, owner, here: new_password(ada),
    "deactivated": lambda ada, owner, here: deactivate(ada, by=owner),
    "banned": lambda ada, owner, here: ban(ada, by=owner),
    "second step reset": lambda ada, owner, here: reset_two_factor(ada, by=owner),
    "on its way out": lambda ada, owner, here: AccountDeletion.objects.start(ada),
    "erased": lambda ada, owner, here: ada.delete(),
    "the other browsers ended": lambda ada, owner, here: here.post(reverse("session_end", args=["others"])),
}


def new_password(person: User) -> None:
    person.set_password("four grey seals")
    person.save()


@pytest.mark.parametrize("end", ENDS)
def test_a_half_finished_sign_in_has_no_access_and_ends_with_the_persons_sessions(
    ada: User, end: str
) -> None:
    """The session row of a half-finished sign-in belongs to the person.

    Its data contains their username, and only the code is missing.
    """
    owner = UserFactory.create(role=User.Role.OWNER)
    here, half_way = Client(), Client()
    sign_in(here)
    RecoveryCodes.activate(ada)
    TOTP.activate(ada, generate_totp_secret())
    half_way.post(reverse("account_login"), {"login": "ada", "password": PASSWORD})
    key = cookie_of(half_way)
    assert half_way.get("/").status_code == 302
    assert visitor_of(key) is None
    assert half_way.get(reverse("mfa_authenticate")).status_code == 200
    assert {one.is_signed_in for one in ada.sessions.filter(session_key=key)} == {False}
    listed = here.get(reverse("session_list"))
    assert [session.is_signed_in for session in listed.context["sessions"]] == [True]
    ENDS[end](ada, owner, here)
    assert not Session.objects.filter(session_key=key).exists()
    asked = half_way.get(reverse("mfa_authenticate"))
    assert asked["Location"].startswith(reverse("account_login"))


def test_going_back_before_the_second_factor_leaves_nothing_behind(ada: User, ben: User) -> None:
    TOTP.activate(ada, generate_totp_secret())
    client = Client()
    client.post(reverse("account_login"), {"login": "ada", "password": PASSWORD})
    assert Session.objects.get().user_id == ada.pk
    client.post(reverse("account_logout"), {"next": reverse("account_login")})
    assert not ada.sessions.exists()
    new_password(ben)
    client.post(reverse("account_login"), {"login": "ben", "password": "four grey seals"})
    assert Session.objects.get().user_id == ben.pk
