"""Invitations that are sent by mail."""

import smtplib

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from messaging.models import Invitation, User
from tests.factories import UserFactory
from tests.queue import run_daily_tasks
from tests.views.accounts.test_invitations import made, sign_up_by
from tests.views.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


PLACE = reverse("invitation_list")


@pytest.fixture
def olga() -> User:
    return UserFactory.create(username="olga", role=User.Role.OWNER)


@pytest.fixture
def as_olga(client: Client, olga: User) -> Client:
    client.force_login(olga)
    return client


def test_an_invitation_is_sent_if_there_is_a_mail_server(as_olga: Client, settings: Settings) -> None:
    assert not Page(as_olga.get(PLACE)).html.count('name="email"')
    settings.HAS_MAIL_SERVER = True
    link = made(as_olga, email="gil@example.org")
    assert mail.outbox[0].to == ["gil@example.org"]
    assert link in mail.outbox[0].body
    assert "limited time" in mail.outbox[0].body
    made(as_olga, email="gil@example.org", days="0")
    assert "limited time" not in mail.outbox[1].body
    assert 'value="gil@example.org"' in Client().get(link).content.decode()


def test_a_mail_that_cannot_be_sent_leaves_the_link_to_pass_on(
    as_olga: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise smtplib.SMTPServerDisconnected("Nobody <listens> there")

    settings.HAS_MAIL_SERVER = True
    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    given = {"role": "member", "uses": "1", "days": "7", "email": "gil@example.org"}
    page = Page(as_olga.post(PLACE, given, follow=True))
    told = page.all("notice")[0]
    assert (
        "gil@example.org could not be sent: Nobody <listens> there. You can share the link yourself"
        in told.text
    )
    assert "error" in told.classes
    link = next(one for one in page.elements if one.attributes.get("id") == "invitation-link")
    assert sign_up_by(link.attributes["value"].removeprefix("http://testserver"), "gil").status_code == 302


def test_an_ended_invitation_forgets_its_email_address(olga: User) -> None:
    """At once if it was used up or revoked, with the daily task if it expired. A valid one keeps it."""
    kinds = {"used": 1, "twice": 2, "revoked": 1, "expired": 1, "open": 1}
    sent = {
        what: Invitation.objects.invite(olga, email=f"{what}@example.test", uses=uses)
        for what, uses in kinds.items()
    }
    for what in ("used", "twice"):
        assert sign_up_by(reverse("invitation", args=[sent[what][1]]), f"by-{what}").status_code == 302
    sent["revoked"][0].revoke(olga)

    def known() -> set[str]:
        return set(Invitation.objects.exclude(email="").values_list("email", flat=True))

    assert known() == {"twice@example.test", "expired@example.test", "open@example.test"}
    Invitation.objects.filter(pk=sent["expired"][0].pk).update(expires_at=timezone.now())
    run_daily_tasks()
    assert known() == {"twice@example.test", "open@example.test"}
