"""A mail server that refuses or cannot be reached, and processes that die: nothing is mailed twice."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from messaging.background.models import QueuedTask
from messaging.mailing.missed import find_missed, send_missed
from messaging.models import Conversation, MissedMail, User
from messaging.models.inbox.missed_mail import MOST_TRIES, claim, note_missed
from messaging.models.messages.saving import post
from tests.factories import UserFactory
from tests.mailing.conftest import MailServer
from tests.mailing.receiving import minutes_pass, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def test_a_process_that_dies_while_it_sends_sends_nothing_twice(
    mail_server: MailServer, ada: User, ben: User
) -> None:
    class Died(BaseException):
        pass

    post(Conversation.objects.direct(ada, ben), ada, "Once")
    with patch("messaging.mailing.sending.send", side_effect=Died), pytest.raises(Died):
        minutes_pass()
    minutes_pass()
    assert mail_server.received == []
    mail_server.cut = True  # the mail has arrived, but the answer is lost
    post(Conversation.objects.direct(ada, ben), ada, "Twice?")
    minutes_pass()
    minutes_pass()
    assert len(mail_server.received) == 1


def test_two_processes_send_a_mail_once(ada: User, ben: User) -> None:
    post(Conversation.objects.direct(ada, ben), ada, "Once")
    note_missed(timezone.now() + timedelta(minutes=3))
    waiting = MissedMail.objects.get(due_at__isnull=False)
    assert claim(waiting.pk)
    assert claim(waiting.pk) is None


def test_without_a_server_mails_wait_and_the_settings_say_so(
    mail_server: MailServer, ada: User, ben: User, settings: Settings, client: Client
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    post(Conversation.objects.direct(ada, ben), ada, "Later")
    minutes_pass()
    User.objects.filter(pk=ada.pk).update(role=User.Role.ADMINISTRATOR)
    client.force_login(ada)
    assert "ConnectionRefusedError" in client.get("/site/").content.decode()
    settings.EMAIL_PORT = port
    minutes_pass()
    assert "Later" in text_of(mail_server.received[0])
    assert "ConnectionRefusedError" not in client.get("/site/").content.decode()


def test_an_address_that_is_refused_gets_no_more_and_administrators_see_it(
    mail_server: MailServer, ada: User, ben: User, client: Client
) -> None:
    direct = Conversation.objects.direct(ada, ben)
    mail_server.refusals["ben@example.org"] = "550 No such mailbox"
    post(direct, ada, "To nowhere")
    minutes_pass()
    assert User.objects.get(pk=ben.pk).email_refused_at
    User.objects.filter(pk=ada.pk).update(role=User.Role.ADMINISTRATOR)
    client.force_login(ada)
    assert "refused their address" in client.get(f"/people/{ben.pk}/").content.decode()
    assert "refuses the addresses of" in client.get("/site/").content.decode()
    ben = User.objects.get(pk=ben.pk)
    ben.email = "ben@elsewhere.example"
    ben.save()
    post(direct, ada, "To nobody")  # until the code that is mailed to the new address is entered
    minutes_pass()
    User.objects.filter(pk=ben.pk).update(email_confirmed=True)
    post(direct, ada, "To the new address")
    minutes_pass()
    assert "To the new address" in text_of(mail_server.received[0])


def test_a_refusal_for_now_is_tried_again(mail_server: MailServer, ada: User, ben: User) -> None:
    post(Conversation.objects.direct(ada, ben), ada, "Busy")
    for place in ("ben@example.org", "DATA"):
        mail_server.refusals = {place: "451 Try again later"}
        minutes_pass()
        mail_server.received.clear()
        assert MissedMail.objects.filter(due_at__isnull=False).exists()
    mail_server.refusals = {}
    minutes_pass()
    (mail,) = mail_server.received
    assert "Busy" in text_of(mail)


def test_a_full_mailbox_keeps_nobody_else_waiting(mail_server: MailServer, ada: User, ben: User) -> None:
    mail_server.refusals["ben@example.org"] = "452 4.2.2 Mailbox full"
    for receiver in (ben, UserFactory.create(username="cem", email="cem@example.org", email_confirmed=True)):
        post(Conversation.objects.direct(ada, receiver), ada, f"To {receiver.username}")
    minutes_pass()
    (mail,) = mail_server.received
    assert "To cem" in text_of(mail)
    assert MissedMail.objects.get(user=ben).tries == 1
    mail_server.refusals["ben@example.org"] = "554 5.7.1 Relay access denied"  # the fault of a server
    minutes_pass()
    assert User.objects.get(pk=ben.pk).email_refused_at is None
    mail_server.refusals = {}
    minutes_pass()
    assert "To ben" in text_of(mail_server.received[-1])
    assert MissedMail.objects.get(user=ben).tries == 0


def test_what_is_never_taken_is_given_up(mail_server: MailServer, ada: User, ben: User) -> None:
    mail_server.refusals["ben@example.org"] = "452 4.2.2 Mailbox full"
    post(Conversation.objects.direct(ada, ben), ada, "To ben")
    for _attempt in range(MOST_TRIES + 1):
        assert MissedMail.objects.filter(user=ben, due_at__isnull=False).exists() or _attempt == 0
        minutes_pass()
    assert not MissedMail.objects.filter(due_at__isnull=False).exists()
    assert MissedMail.objects.get(user=ben).tries == 0  # the next mail is tried as often


def test_one_task_sends_however_long_it_takes(mail_server: MailServer, ada: User, ben: User) -> None:
    post(Conversation.objects.direct(ada, ben), ada, "Once")
    note_missed(timezone.now() + timedelta(minutes=3))
    for _minute in range(3):
        find_missed.call()
    assert QueuedTask.objects.filter(task=send_missed.module_path, finished_at=None).count() == 1
