"""An email address is set when the code that was sent to it is entered."""

import re
import smtplib
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from messaging.http import rate_limits
from messaging.http.middleware import SetUpMiddleware
from messaging.models import Conversation, Installation, Invitation, User
from tests.factories import open_sign_up
from tests.views.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_mail")]
PASSWORD = "three grey seals"
ADDRESS, CODE = "/account/email/", "/account/email/code/"
WRONG = "BBBB-BBBB"


@pytest.fixture
def with_mail(settings: Settings) -> Iterator[None]:
    settings.HAS_MAIL_SERVER = True
    yield
    rate_limits.fill_all_buckets()


@pytest.fixture
def is_open(db: None) -> None:
    open_sign_up()


@pytest.fixture
def as_ada(ada: User, browser: Callable[[User], Client]) -> Client:
    ada.set_password(PASSWORD)
    ada.email = "old@example.org"
    ada.save()
    return browser(ada)


def the_code() -> str:
    """The code in the last mail."""
    found = re.search(r"\b[B-Z]{4}-[B-Z]{4}\b", str(mail.outbox[-1].body))
    assert found
    return found[0]


def sign_up(client: Client, place: str = "/account/signup/") -> str:
    given = {"username": "zoe", "email": "zoe@example.org", "password1": PASSWORD, "password2": PASSWORD}
    return str(client.post(place, given)["Location"])


def give(client: Client, email: str = "new@example.org") -> str:
    return str(client.post(ADDRESS, {"email": email, "password": PASSWORD})["Location"])


def email_of(username: str) -> str:
    return User.objects.get(username=username).email


def test_a_new_address_is_set_when_its_code_is_entered(as_ada: Client) -> None:
    assert give(as_ada) == CODE
    assert (mail.outbox[-1].to, email_of("ada")) == (["new@example.org"], "old@example.org")
    assert "new@example.org is not confirmed yet" in as_ada.get(reverse("account")).content.decode()
    assert "new@example.org" in as_ada.get(CODE).content.decode()
    assert as_ada.post(CODE, {"code": the_code().lower().replace("-", " ")})["Location"] == reverse("account")
    assert email_of("ada") == "new@example.org"
    assert User.objects.get(username="ada").email_confirmed
    assert as_ada.get(CODE)["Location"] == ADDRESS


def test_removing_the_address_needs_no_code(as_ada: Client) -> None:
    assert give(as_ada, "") == reverse("account")
    assert (email_of("ada"), mail.outbox) == ("", [])
    assert not User.objects.get(username="ada").email_confirmed


def test_a_wrong_code_is_refused_and_five_end_the_code(as_ada: Client) -> None:
    give(as_ada)
    for _ in range(4):
        answer = as_ada.post(CODE, {"code": WRONG})
        assert (answer.status_code, Page(answer).field_value("code")) == (422, WRONG)
    assert as_ada.post(CODE, {"code": WRONG})["Location"] == ADDRESS
    assert "Too many wrong codes" in as_ada.get(ADDRESS).content.decode()
    assert as_ada.post(CODE, {"code": the_code()})["Location"] == ADDRESS
    assert email_of("ada") == "old@example.org"


def test_a_code_is_valid_for_a_quarter_of_an_hour(as_ada: Client) -> None:
    give(as_ada)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert as_ada.post(CODE, {"code": the_code()})["Location"] == ADDRESS
    assert email_of("ada") == "old@example.org"


def test_a_code_is_valid_only_in_the_browser_that_requested_it(
    as_ada: Client, ben: User, browser: Callable[[User], Client]
) -> None:
    give(as_ada)
    assert browser(ben).post(CODE, {"code": the_code()})["Location"] == ADDRESS
    assert (email_of("ben"), email_of("ada")) == ("", "old@example.org")


def test_another_code_ends_the_one_before_and_not_too_many_are_sent(
    as_ada: Client, settings: Settings
) -> None:
    settings.LIMITS = {"address": (5, 1 / 120)}
    give(as_ada)
    first = the_code()
    assert as_ada.post(CODE, {"again": "1"})["Location"] == CODE
    assert (len(mail.outbox), the_code() != first) == (2, True)
    assert as_ada.post(CODE, {"code": first}).status_code == 422
    answers = [as_ada.post(CODE, {"again": "1"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert int(answers[-1]["Retry-After"]) > 60
    assert "Too many requests" in answers[-1].content.decode()
    answer = as_ada.post(ADDRESS, {"email": "third@example.org", "password": PASSWORD})
    assert (answer.status_code, Page(answer).field_value("email")) == (429, "third@example.org")
    assert as_ada.post(CODE, {"code": the_code()}).status_code == 302
    assert (len(mail.outbox), email_of("ada")) == (5, "new@example.org")


@pytest.mark.usefixtures("is_open")
def test_a_new_account_is_signed_in_and_its_address_is_not_set_yet(client: Client) -> None:
    assert sign_up(client) == CODE
    assert email_of("zoe") == ""
    assert reverse("room_list") in Page(client.get(CODE)).links  # not now
    assert client.get(reverse("room_list")).status_code == 200
    assert client.post(CODE, {"code": the_code()})["Location"] == reverse("room_list")
    assert email_of("zoe") == "zoe@example.org"


def test_new_account_by_invitation_confirms_its_address_before_the_room(
    client: Client, ada: User, room: Conversation
) -> None:
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    ada.refresh_from_db()
    _, token = Invitation.objects.invite(ada, rooms=[room])
    assert sign_up(client, reverse("invitation", args=[token])) == CODE
    assert client.post(CODE, {"code": the_code()})["Location"] == f"/conversations/{room.pk}/"
    assert email_of("zoe") == "zoe@example.org"


def test_the_first_owners_address_is_not_set_yet_either(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SetUpMiddleware, "is_set_up", False)
    token = Installation.objects.new_setup_link()
    given = {"username": "olga", "site_name": "Crew", "email": "olga@example.org"}
    given |= {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post(reverse("set_up", args=[token]), given)["Location"] == CODE
    assert email_of("olga") == ""
    room = Conversation.objects.get()
    assert client.post(CODE, {"code": the_code()})["Location"] == reverse("conversation", args=[room.pk])
    assert email_of("olga") == "olga@example.org"


@pytest.mark.usefixtures("is_open")
def test_where_the_mail_server_fails_nothing_is_lost(
    client: Client, as_ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    give(as_ada)
    before = the_code()
    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    answer = as_ada.post(ADDRESS, {"email": "other@example.org", "password": PASSWORD})
    assert (answer.status_code, Page(answer).field_value("email")) == (422, "other@example.org")
    assert "could not be sent" in as_ada.post(CODE, {"again": "1"}).content.decode()
    assert as_ada.post(CODE, {"code": before}).status_code == 302
    assert email_of("ada") == "new@example.org"
    assert sign_up(client) == reverse("room_list")
    assert "No email could be sent to zoe@example.org" in client.get(reverse("room_list")).content.decode()
    assert email_of("zoe") == ""
