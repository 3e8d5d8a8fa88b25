"""A forgotten password: by mail where there is a server, else by an administrator's hand."""

import re
import smtplib
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from messaging.models import AuditEntry, User
from tests.views.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
RESET = "/account/password/reset/"
NEW = "four grey seals"
Browser = Callable[..., Client]


@pytest.fixture
def with_mail(settings: Settings) -> None:
    settings.HAS_MAIL_SERVER = True


@pytest.fixture
def ada(ada: User) -> User:
    ada.set_password("three grey seals")
    ada.email = "ada@example.org"
    ada.save()
    return ada


@pytest.fixture
def admin(ben: User, browser: Browser) -> Client:
    User.objects.filter(pk=ben.pk).update(role=User.Role.ADMINISTRATOR)
    return browser(ben)


def link_for(admin: Client, person: User) -> str:
    page = Page(admin.post(reverse("person_reset_link", args=[person.pk])))
    return next(e.attributes["value"] for e in page.elements if e.attributes.get("id") == "reset-link")


def choose(client: Client, link: str, password: str = NEW) -> int:
    place = client.get(link.removeprefix("http://testserver"))
    if place.status_code != 302:
        return place.status_code
    return client.post(place["Location"], {"password1": password, "password2": password}).status_code


def test_without_a_mail_server_the_page_says_whom_to_ask(client: Client, ada: User) -> None:
    assert RESET in Page(client.get(reverse("account_login"))).links
    for answer in (client.get(RESET), client.post(RESET, {"email": ada.email})):
        assert "administrator" in answer.content.decode()
        assert not Page(answer).all("field")
    assert mail.outbox == []


@pytest.mark.usefixtures("with_mail")
def test_a_link_comes_by_mail_and_works_once(client: Client, ada: User, browser: Browser) -> None:
    elsewhere = browser(ada)
    assert client.post(RESET, {"email": "ADA@example.org"})["Location"] == reverse(
        "account_reset_password_done"
    )
    [letter] = mail.outbox
    assert letter.to == ["ada@example.org"]
    link = re.findall(r"http://testserver\S+", str(letter.body))[0]
    assert choose(client, link) == 302
    ada.refresh_from_db()
    assert ada.check_password(NEW)
    assert not ada.sessions.exists()
    assert elsewhere.get("/").status_code == 302
    assert choose(browser(), link, "five grey seals") == 200
    ada.refresh_from_db()
    assert ada.check_password(NEW)


@pytest.mark.usefixtures("with_mail")
def test_the_response_is_the_same_whether_there_is_an_account_or_not(ada: User, browser: Browser) -> None:
    answers = [browser().post(RESET, {"email": f"{name}@example.org"}) for name in ("ada", "nobody")]
    assert answers[0].status_code == answers[1].status_code
    assert answers[0]["Location"] == answers[1]["Location"]
    assert answers[0].content == answers[1].content
    assert "there is no account with this address" in str(mail.outbox[1].body)  # so that both take as long


@pytest.mark.usefixtures("with_mail")
def test_a_failing_mail_server_gives_everybody_the_same_error(
    ada: User, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", refuse)
    answers = [browser().post(RESET, {"email": f"{name}@example.org"}) for name in ("ada", "nobody")]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert "could not be sent" in answers[0].content.decode()


@pytest.mark.usefixtures("with_mail")
def test_requests_for_links_are_limited(client: Client, ada: User) -> None:
    statuses = [client.post(RESET, {"email": ada.email}).status_code for _ in range(6)]
    assert statuses == [302] * 5 + [429]


def test_an_administrator_makes_a_link_which_is_logged(
    admin: Client, ben: User, ada: User, browser: Browser
) -> None:
    place = reverse("person_reset_link", args=[ada.pk])
    assert place in Page(admin.get(reverse("person", args=[ada.pk]))).links
    assert admin.get(place).status_code == 200
    assert not AuditEntry.objects.exists()
    link = link_for(admin, ada)
    [entry] = AuditEntry.objects.all()
    assert (entry.actor, entry.person, entry.act) == (ben, ada, AuditEntry.Act.MADE_RESET_LINK)
    assert link not in str(vars(entry))
    assert choose(browser(), link) == 302
    assert User.objects.get(pk=ada.pk).check_password(NEW)
    assert choose(browser(), link, "five grey seals") == 200


def test_a_link_is_invalid_after_a_sign_in_or_a_change_of_address(
    admin: Client, ada: User, browser: Browser
) -> None:
    first = link_for(admin, ada)
    client = browser()
    client.post(reverse("account_login"), {"login": "ada", "password": "three grey seals"})
    assert choose(browser(), first) == 200
    second = link_for(admin, ada)
    ada.refresh_from_db()
    ada.email = "other@example.org"
    ada.save()
    assert choose(browser(), second) == 200


def test_only_administrators_make_reset_links_and_only_for_active_people(
    admin: Client, as_stranger: Client, ada: User
) -> None:
    place = reverse("person_reset_link", args=[ada.pk])
    assert as_stranger.post(place).status_code == 404
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert admin.post(place).status_code == 404
    # Nor for people with the same or a higher role, because the link would give access to their account.
    for role in (User.Role.ADMINISTRATOR, User.Role.OWNER):
        User.objects.filter(pk=ada.pk).update(is_active=True, role=role)
        assert admin.post(place).status_code == 404
    assert not AuditEntry.objects.exists()


def test_ones_own_new_password_signs_out_every_other_browser(ada: User, browser: Browser) -> None:
    here, there = browser(ada), browser(ada)
    fields = {"oldpassword": "three grey seals", "password1": NEW, "password2": NEW}
    assert here.post(reverse("account_change_password"), fields).status_code == 302
    assert ada.sessions.count() == 1
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302
