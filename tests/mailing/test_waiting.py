"""Mails that wait for the end of a quiet time cost nothing with each message that is sent meanwhile."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from messaging.mailing.missed import find_missed
from messaging.models import Conversation, Membership, MissedMail, Notification, User
from messaging.models.inbox.missed_mail import claim, note_missed
from messaging.models.inbox.pausing import pause
from messaging.models.messages.saving import post
from messaging.models.people.preferences import NotificationLevel
from tests.mailing.conftest import MailServer
from tests.mailing.receiving import text_of
from tests.queue import run_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def every(room: Conversation, ben: User) -> Conversation:
    """The room, of which Ben wants to be told each message."""
    Membership.objects.filter(user=ben).update(notification_level=NotificationLevel.EVERY)
    return room


def noted(room: Conversation, ada: User, text: str = "Something") -> MissedMail:
    """Ben's mails about the room, after a message was sent and some minutes have passed."""
    post(room, ada, text)
    Notification.objects.update(created_at=timezone.now() - timedelta(minutes=3))
    while note_missed(timezone.now()):
        pass
    return MissedMail.objects.get()


def test_a_mail_that_waits_is_not_looked_at_with_each_message(
    every: Conversation, ada: User, ben: User
) -> None:
    until = timezone.now() + timedelta(days=365)
    pause(ben, until)
    mail = noted(every, ada)
    assert claim(mail.pk) is None
    for _ in range(3):
        mail = noted(every, ada)
        assert mail.due_at == until


@pytest.mark.parametrize("is_muted", [False, True])
def test_no_row_is_read_before_it_is_known_that_a_mail_is_sent(
    every: Conversation, ada: User, ben: User, is_muted: bool
) -> None:
    if is_muted:
        Membership.objects.filter(user=ben).update(notification_level=NotificationLevel.MUTED)
    else:
        pause(ben, timezone.now() + timedelta(days=365))
    mail = noted(every, ada, "To @ben")
    with CaptureQueriesContext(connection) as queries:
        assert claim(mail.pk) is None
    about = [one["sql"] for one in queries if 'FROM "messaging_notification"' in one["sql"]]
    assert [sql for sql in about if "LIMIT 1" not in sql] == []
    assert len(about) == (0 if is_muted else 1)


def test_who_chooses_another_time_zone_gets_all_that_waited_if_it_is_not_quiet_there(
    mail_server: MailServer, client: Client, every: Conversation, ada: User, ben: User
) -> None:
    now, hour = timezone.now(), timedelta(hours=1)
    hours = {"quiet_from": (now - hour).time(), "quiet_to": (now + hour).time()}
    User.objects.filter(pk=ben.pk).update(time_zone="UTC", quiet_hours_on=127, **hours)
    assert claim(noted(every, ada, "First").pk) is None
    noted(every, ada, "Second")
    client.force_login(ben)
    form = {"display_name": "Ben", "time_zone": "Asia/Tokyo", "theme": "system"}
    assert client.post(reverse("account"), form).status_code == 302
    find_missed.enqueue()
    run_tasks()
    (mail,) = mail_server.received
    assert "First" in text_of(mail)
    assert "Second" in text_of(mail)
