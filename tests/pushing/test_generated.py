"""200 generated situations of push and mail: everybody is told once or not at all, as the table says."""

from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from messaging.mailing.missed import send_missed
from messaging.models import Conversation, Installation, MissedMail, Notification, PushNotice, User
from messaging.models.inbox import missed_mail, push_claims
from messaging.models.inbox.pausing import pause
from messaging.models.inbox.push_notice import note_new
from messaging.pushing.sending import Sender
from tests.pushing.conftest import send, time_passes
from tests.pushing.generated import DIES, Generated, generate
from tests.pushing.service import Browser, PushService

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


class Killed(BaseException):
    """The process ends here."""


def pushes(situation: Generated, sender: Sender) -> None:
    """What a process does about push, unless it is killed."""
    if situation.dies == "push claimed":
        PushNotice.objects.exclude(due_at=None).update(due_at=timezone.now())
        push_claims.claim()
    elif situation.dies != "push found":
        send(sender)


def mails(situation: Generated) -> None:
    """What a process does about mails, unless it is killed."""
    if situation.dies == "mail claimed":
        for found in MissedMail.objects.exclude(due_at=None):
            missed_mail.claim(found.pk)
    elif situation.dies == "mail sent":
        with patch.object(missed_mail.Missed, "end", side_effect=Killed), suppress(Killed):
            send_missed.call()
    elif situation.dies != "mail found":
        send_missed.call()


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
        send_missed.call()
        pause(User.objects.get(pk=ben.pk), None)


def test_everybody_is_told_once_or_not_at_all(
    settings: Settings,
    sender: Sender,
    service: PushService,
    ada: User,
    ben: User,
    room: Conversation,
) -> None:
    settings.HAS_MAIL_SERVER = True
    Installation.objects.row().update(mailed_to=0)
    User.objects.filter(pk=ben.pk).update(email="ben@example.org", email_confirmed=True)
    situations, wrong = generate(200, seed=1), []
    assert {one.dies for one in situations} == set(DIES)
    devices = [Browser(ben, "/phone"), Browser(ben, "/laptop")]
    for one in situations:
        service.received.clear()
        mail.outbox.clear()
        with transaction.atomic():
            for device in devices:
                device.subscribe(service)
            play(one, room, ada, ben, devices, sender)
            transaction.set_rollback(True)
        mailed = [str(sent.message()) for sent in mail.outbox if "Ben <" in sent.to[0]]
        shown = [[str(notice) for notice in device.shown(service)] for device in devices]
        numbers = [len(mailed), *map(len, shown)]
        if numbers != [one.mails, one.pushes, one.pushes]:
            wrong.append(f"{one}: {numbers[0]} mails, {numbers[1:]} notices")
        texts = [*mailed, *shown[0], *shown[1]]
        told = {word for word in ("planted", "changed") if any(word in text for text in texts)}
        if told != ({one.word} if texts else set()):
            wrong.append(f"{one}: tells {told}")
    assert wrong == []
