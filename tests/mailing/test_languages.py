"""Mails are in the language of their readers, no matter who wrote and what was active before."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from tests.mailing.conftest import MailServer
from tests.mailing.receiving import minutes_pass, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.mark.parametrize(("chosen", "of_site", "subject"), [
    ("de", "en", "Ungelesen: #quay · Harbour"),
    ("", "de", "Ungelesen: #quay · Harbour"),
    ("en", "de", "Unread: #quay · Harbour"),
])  # fmt: skip
def test_a_mail_is_in_the_readers_language(
    mail_server: MailServer,
    ada: User,
    ben: User,
    room: Conversation,
    settings: Settings,
    chosen: str,
    of_site: str,
    subject: str,
) -> None:
    settings.LANGUAGE_CODE = of_site
    User.objects.filter(pk=ben.pk).update(language=chosen)
    User.objects.filter(pk=ada.pk).update(language="ja")
    with translation.override("ja"):
        post(room, ada, "The tide is early, @ben")
        minutes_pass()
        assert translation.get_language() == "ja"
    (received,) = mail_server.received
    assert received["Subject"] == subject
    assert f'<html lang="{chosen or of_site}"' in text_of(received, "html")


def test_the_mail_with_a_new_password_is_too(ben: User, client: Client, settings: Settings) -> None:
    settings.HAS_MAIL_SERVER = True
    User.objects.filter(pk=ben.pk).update(language="de")
    client.post("/account/password/reset/", {"email": ben.email}, headers={"Accept-Language": "fr"})
    assert "Passwort" in mail.outbox[-1].body
    User.objects.filter(pk=ben.pk).update(language="")
    client.post("/account/password/reset/", {"email": ben.email}, headers={"Accept-Language": "fr"})
    assert "mot de passe" in mail.outbox[-1].body
