"""Mails about missed messages, received by a real mail server."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from messaging.mailing.missed import find_missed, send_missed
from messaging.models import Conversation, Installation, Message, MissedMail, User
from messaging.models.messages.saving import post
from messaging.models.people.preferences import MissedMails
from tests.mailing.conftest import MailServer
from tests.mailing.receiving import everything_in, minutes_pass, text_of
from tests.queue import run_tasks

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def test_a_mail_says_who_wrote_what_and_where(
    mail_server: MailServer, ada: User, ben: User, room: Conversation
) -> None:
    post(room, ada, "Nothing for @nobody")
    message = post(room, ada, "The **tide** is early, @ben\nBring <boots>")
    minutes_pass()
    (mail,) = mail_server.received
    assert mail["To"] == "Ben <ben@example.org>"
    assert mail["Subject"] == "Unread: #quay · Harbour"
    assert "Ada, " in text_of(mail)
    assert "The **tide** is early, @ben\nBring <boots>" in text_of(mail)
    assert "nobody" not in text_of(mail)  # an ordinary message of a room
    assert f"http://127.0.0.1:8000/messages/{message.pk}/" in text_of(mail)
    assert "Bring &lt;boots&gt;" in text_of(mail, "html")
    assert mail["Auto-Submitted"] == "auto-generated"


def test_what_is_read_in_time_is_not_mailed(
    mail_server: MailServer, ada: User, ben: User, room: Conversation
) -> None:
    direct = Conversation.objects.direct(ada, ben)
    read = post(direct, ada, "Read at once")
    find_missed.enqueue()  # the two minutes have not passed
    run_tasks()
    assert mail_server.received == []
    Message.unread_messages.mark_as_read_for_user(ben, [read.pk])
    minutes_pass()
    assert mail_server.received == []
    post(direct, ada, "Not read")
    minutes_pass()
    assert "Not read" in text_of(mail_server.received[0])
    assert "Read at once" not in text_of(mail_server.received[0])


def test_the_site_chooses_after_how_many_minutes(mail_server: MailServer, ada: User, ben: User) -> None:
    Installation.objects.row().update(mail_minutes=10)
    post(Conversation.objects.direct(ada, ben), ada, "Not read")
    minutes_pass(9)
    assert mail_server.received == []
    minutes_pass(11)
    (mail,) = mail_server.received
    assert "Not read" in text_of(mail)


def test_after_a_restore_nothing_that_was_there_is_mailed(
    mail_server: MailServer, ada: User, ben: User, room: Conversation
) -> None:
    """Its mails may have been sent between the backup and the restore."""
    direct = Conversation.objects.direct(ada, ben)
    post(direct, ada, "Before the backup")
    call_command("after_restore", stdout=StringIO())
    minutes_pass()
    assert mail_server.received == []
    post(direct, ada, "After it")
    minutes_pass()
    [mail] = mail_server.received
    assert "After it" in text_of(mail)


def test_each_message_is_mailed_once_and_conversations_apart(
    mail_server: MailServer, ada: User, ben: User, room: Conversation
) -> None:
    direct = Conversation.objects.direct(ada, ben)
    for number in range(3):
        post(direct, ada, f"word{number}")
    post(room, ada, "To @ben")
    minutes_pass()
    minutes_pass()
    assert sorted(mail["Subject"] for mail in mail_server.received) == [
        "Unread: #quay · Harbour",
        "Unread: Ada · Harbour",
    ]
    post(direct, ada, "word3")
    minutes_pass()
    first, later = [mail for mail in mail_server.received if mail["Subject"] == "Unread: Ada · Harbour"]
    assert re.findall(r"word\d", text_of(first)) == ["word0", "word1", "word2"]
    assert re.findall(r"word\d", text_of(later)) == ["word3"]
    assert first["References"] == later["References"]
    assert first["Message-ID"] != later["Message-ID"]


def test_somebody_whom_an_edit_mentions_gets_a_mail(
    mail_server: MailServer, ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ada, "To nobody")
    minutes_pass()
    Message.unread_messages.mark_as_read_for_user(ben, [message.pk])
    message.edit("To @ben")
    minutes_pass()
    assert "To @ben" in text_of(mail_server.received[0])


def test_a_long_absence_is_one_mail(mail_server: MailServer, ada: User, ben: User) -> None:
    direct = Conversation.objects.direct(ada, ben)
    for number in range(23):
        post(direct, ada, f"word{number}")
    minutes_pass()
    (mail,) = mail_server.received
    assert re.findall(r"word\d+", text_of(mail)) == [f"word{number}" for number in range(3, 23)]
    assert "3 earlier messages." in text_of(mail)


def test_what_was_there_before_the_mail_server_is_not_mailed(
    mail_server: MailServer, ada: User, ben: User
) -> None:
    Installation.objects.row().update(mailed_to=None)
    direct = Conversation.objects.direct(ada, ben)
    post(direct, ada, "Long ago")
    minutes_pass()
    post(direct, ada, "Now")
    minutes_pass()
    (mail,) = mail_server.received
    assert "Now" in text_of(mail)
    assert "Long ago" not in text_of(mail)


@pytest.mark.parametrize("by", ["site", "person"])
def test_texts_can_be_left_out(mail_server: MailServer, ada: User, ben: User, by: str) -> None:
    if by == "site":
        Installation.objects.row().update(mail_texts=False)
    else:
        User.objects.filter(pk=ben.pk).update(missed_mails_are=MissedMails.NAMES)
    post(Conversation.objects.direct(ada, ben), ada, "A secret")
    minutes_pass()
    (mail,) = mail_server.received
    assert "secret" not in everything_in(mail)
    assert "Ada" in text_of(mail)


def test_spoilers_stay_hidden(mail_server: MailServer, ada: User, ben: User) -> None:
    post(Conversation.objects.direct(ada, ben), ada, "The end: ||everybody leaves||")
    minutes_pass()
    assert "everybody" not in everything_in(mail_server.received[0])


def test_one_click_ends_the_mails(mail_server: MailServer, ada: User, ben: User, client: Client) -> None:
    direct = Conversation.objects.direct(ada, ben)
    post(direct, ada, "First")
    minutes_pass()
    (mail,) = mail_server.received
    link = mail["List-Unsubscribe"].strip(" <>").replace("http://127.0.0.1:8000", "")
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(link).status_code == 200  # mail servers follow links
    assert User.objects.get(pk=ben.pk).missed_mails_are == MissedMails.TEXT
    assert strict.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    post(direct, ada, "Second")
    minutes_pass()
    assert len(mail_server.received) == 1
    assert strict.post(link[:-3] + "x/").status_code == 404
    client.force_login(ben)
    assert 'value="off"' in client.get("/account/notifications/").content.decode()


def test_deleted_people_leave_no_mails(mail_server: MailServer, ada: User, ben: User) -> None:
    post(Conversation.objects.direct(ada, ben), ada, "Words")
    minutes_pass()
    ben.delete()
    assert not MissedMail.objects.exists()
    assert Message.objects.count() == 0
    send_missed.enqueue()
    run_tasks()
