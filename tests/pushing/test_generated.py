"""200 generated situations of push and mail: everybody is told once or not at all, as the table says.

Notices are decrypted as a browser does it, and mails are received by a real mail server."""

from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import transaction
from django.utils import timezone

from messaging.mailing.missed import send_missed
from messaging.models import Conversation, Installation, MissedMail, Notification, PushNotice, User
from messaging.models.inbox import missed_mail, push_claims
from messaging.models.inbox.pausing import pause
from messaging.models.inbox.push_notice import note_new
from messaging.pushing import sending
from messaging.pushing.lanes import Answered
from messaging.pushing.sending import Sender
from tests.mailing.conftest import MailServer
from tests.mailing.conftest import mail_server as mail_server
from tests.mailing.receiving import everything_in
from tests.pushing.conftest import send, time_passes
from tests.pushing.generated import DIES, Generated, generate
from tests.pushing.service import Browser, PushService

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


class Killed(BaseException):
    """The process ends here."""


def dies_with_an_answer(answered: Answered, is_working: bool) -> None:
    if answered:
        raise Killed


def send_mails() -> None:
    if missed_mail.mails_to_send().exists():  # else no task is enqueued
        send_missed.call()


def pushes(situation: Generated, sender: Sender) -> None:
    """What a process does about push, unless it is killed."""
    if situation.dies == "push claimed":
        PushNotice.objects.exclude(due_at=None).update(due_at=timezone.now())
        push_claims.claim()
    elif situation.dies == "push sent":
        with patch.object(sending, "_process", dies_with_an_answer), suppress(Killed):
            send(sender)
    elif situation.dies != "push found":
        send(sender)


def mails(situation: Generated) -> None:
    """What a process does about mails, unless it is killed."""
    if situation.dies == "mail claimed":
        for found in MissedMail.objects.exclude(due_at=None):
            missed_mail.claim(found.pk)
    elif situation.dies == "mail sent":
        with patch.object(missed_mail.Missed, "end", side_effect=Killed), suppress(Killed):
            send_mails()
    elif situation.dies != "mail found":
        send_mails()


def play(
    situation: Generated, room: Conversation, ada: User, ben: User, devices: list[Browser], sender: Sender
) -> None:
    message = situation.kind(room, ada, ben)
    situation.happens("sent", message, ben)
    note_new()
    Notification.objects.update(created_at=timezone.now() - timedelta(minutes=3))
    missed_mail.note_missed(timezone.now())
    situation.happens("found", message, ben)
    pushes(situation, sender)
    mails(situation)
    # Other processes go on, the person looks away, and the quiet time is over.
    for _round in range(2):
        time_passes(sender)
        missed_mail.note_missed(timezone.now() + timedelta(minutes=3))
        send_mails()
        pause(User.objects.get(pk=ben.pk), None)


def test_everybody_is_told_once_or_not_at_all(
    mail_server: MailServer,
    sender: Sender,
    service: PushService,
    ada: User,
    ben: User,
    room: Conversation,
) -> None:
    Installation.objects.row().update(mailed_to=0)
    User.objects.filter(pk=ben.pk).update(email="ben@example.org", email_confirmed=True)
    situations, wrong = generate(200, seed=1), []
    assert {one.dies for one in situations} == set(DIES)
    devices = [Browser(ben, "/phone"), Browser(ben, "/laptop")]
    for one in situations:
        service.received.clear()
        mail_server.received.clear()
        with transaction.atomic():
            for device in devices:
                device.subscribe(service)
            play(one, room, ada, ben, devices, sender)
            transaction.set_rollback(True)
        mailed = [everything_in(mail) for mail in mail_server.received if "Ben <" in mail["To"]]
        shown = [[str(notice) for notice in device.shown(service)] for device in devices]
        numbers = [len(mailed), *map(len, shown)]
        if numbers != [one.mails, one.pushes, one.pushes]:
            wrong.append(f"{one}: {numbers[0]} mails, {numbers[1:]} notices")
        texts = [*mailed, *shown[0], *shown[1]]
        told = {word for word in ("planted", "changed") if any(word in text for text in texts)}
        if told != ({one.word} if texts else set()):
            wrong.append(f"{one}: tells {told}")
    assert wrong == []
