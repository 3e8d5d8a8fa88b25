"""A weekly digest is sent once a week or not at all, whatever happens in between."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from messaging.background.models import QueuedTask
from messaging.mailing.digests import find_digests, send_digests
from messaging.models import Conversation, Digest, User
from messaging.models.inbox.digest import choose_digest, claim_digest, plan_again, stop_digest
from messaging.models.inbox.pausing import pause
from messaging.models.messages.saving import post
from tests.factories import UserFactory
from tests.mailing.conftest import MailServer
from tests.mailing.receiving import FRIDAY, MONDAY, SUNDAY, at, digests_go_out, subscribe, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
NEXT_MONDAY = "2027-03-15T08:01:00+00:00"


class Died(BaseException):
    pass


@pytest.fixture
def waiting(ada: User, ben: User, room: Conversation) -> Conversation:
    """Ben has a digest to come on Monday, and something to read then; and in the week after."""
    with at(FRIDAY):
        subscribe(ben)
    for moment in (SUNDAY, "2027-03-12T12:00:00+00:00"):
        with at(moment):
            post(room, ada, "For @ben")
    return room


@pytest.mark.parametrize(
    "point",
    [
        "messaging.models.inbox.digest.quiet_until",
        "messaging.mailing.digests.compose_digest",
        "messaging.mailing.digest_composing.week_of",
        "messaging.mailing.digest_composing.written",
        "messaging.mailing.sending.send",
        "django.core.mail.backends.smtp.EmailBackend.send_messages",
        "messaging.models.inbox.digest.DueDigest.end",
    ],
)
def test_a_process_that_dies_sends_nothing_twice(
    mail_server: MailServer, waiting: Conversation, point: str
) -> None:
    with patch(point, side_effect=Died), pytest.raises(Died):
        digests_go_out(MONDAY)
    has_arrived, is_unclaimed = point.endswith(".end"), point.endswith("quiet_until")
    assert len(mail_server.received) == has_arrived
    digests_go_out("2027-03-08T08:06:00+00:00")
    digests_go_out("2027-03-08T08:11:00+00:00")
    assert len(mail_server.received) == (has_arrived or is_unclaimed)
    digests_go_out(NEXT_MONDAY)
    assert len(mail_server.received) == 1 + (has_arrived or is_unclaimed)


def test_a_mail_whose_answer_is_lost_is_not_sent_again(
    mail_server: MailServer, waiting: Conversation
) -> None:
    mail_server.cut = True
    digests_go_out(MONDAY)
    digests_go_out("2027-03-08T09:00:00+00:00")
    assert len(mail_server.received) == 1


def test_two_processes_claim_it_once_and_one_task_sends(waiting: Conversation) -> None:
    with at(MONDAY):
        for _ in range(3):
            find_digests.call()
        assert QueuedTask.objects.filter(task=send_digests.module_path).count() == 1
        pk = Digest.objects.get().pk
        assert claim_digest(pk)
        assert claim_digest(pk) is None


def change_day(ben: User) -> None:
    choose_digest(ben, is_wanted=True, day=2, hour=8, zone="")  # Wednesday


def switch_off_and_on(ben: User) -> None:
    stop_digest(ben)
    choose_digest(ben, is_wanted=True, day=0, hour=20, zone="")  # this evening


def travel_west(ben: User) -> None:
    """Where it is not yet eight o'clock on this Monday."""
    User.objects.filter(pk=ben.pk).update(time_zone="America/New_York")
    plan_again(User.objects.get(pk=ben.pk))


def restore(ben: User) -> None:
    """A backup of Sunday comes back, in which the digest of Monday is due."""
    Digest.objects.update(last_on=None, due_at=datetime(2027, 3, 8, 8, tzinfo=UTC), tries=0)
    call_command("after_restore", stdout=StringIO())


def restore_with_one_put_back(ben: User) -> None:
    Digest.objects.update(last_on=None, due_at=datetime(2027, 3, 8, 12, tzinfo=UTC), tries=3)
    call_command("after_restore", stdout=StringIO())


@pytest.mark.parametrize(
    "change", [change_day, switch_off_and_on, travel_west, restore, restore_with_one_put_back]
)
def test_no_second_one_comes_within_seven_days(
    mail_server: MailServer, waiting: Conversation, ben: User, change: Callable[[User], None]
) -> None:
    digests_go_out(MONDAY)
    with at("2027-03-08T09:00:00+00:00"):
        change(User.objects.get(pk=ben.pk))
    for day in range(8, 15):  # from this Monday to Sunday
        for hour in (10, 14, 21):
            digests_go_out(f"2027-03-{day:02}T{hour}:00:00+00:00")
    assert len(mail_server.received) == 1
    for day in (15, 16, 17):
        digests_go_out(f"2027-03-{day}T21:00:00+00:00")
    assert len(mail_server.received) == 2


def test_a_clock_that_was_wrong_sends_none_twice_and_stops_none_for_ever(
    mail_server: MailServer, waiting: Conversation, ada: User
) -> None:
    digests_go_out(MONDAY)
    digests_go_out("2027-03-08T07:00:00+00:00")  # set back
    digests_go_out(MONDAY)
    assert len(mail_server.received) == 1
    with at("2029-01-01T12:00:00+00:00"):
        post(waiting, ada, "For @ben, two years ahead")
    digests_go_out("2029-01-02T08:01:00+00:00")
    assert len(mail_server.received) == 2
    digests_go_out("2027-03-09T12:00:00+00:00")  # right again
    digests_go_out(NEXT_MONDAY)  # six days later
    assert len(mail_server.received) == 2
    with at("2027-03-21T12:00:00+00:00"):
        post(waiting, ada, "For @ben, in time")
    digests_go_out("2027-03-22T08:01:00+00:00")
    assert len(mail_server.received) == 3


def test_after_months_one_comes_and_not_many(
    mail_server: MailServer, waiting: Conversation, ada: User
) -> None:
    """No process ran, or the person had paused notifications."""
    with at("2027-07-07T12:00:00+00:00"):
        post(waiting, ada, "For @ben, after months")
    digests_go_out("2027-07-08T12:00:00+00:00")  # a Thursday: Monday's is too late
    assert mail_server.received == []
    digests_go_out("2027-07-12T08:01:00+00:00")
    digests_go_out("2027-07-12T08:06:00+00:00")
    (mail,) = mail_server.received
    assert "after months" in text_of(mail)


def test_in_quiet_time_it_waits_up_to_three_days(
    mail_server: MailServer, waiting: Conversation, ben: User
) -> None:
    with at(SUNDAY):
        pause(ben, datetime(2027, 3, 9, 12, tzinfo=UTC))
    for moment in (MONDAY, "2027-03-09T11:00:00+00:00"):
        digests_go_out(moment)
        assert mail_server.received == []
    digests_go_out("2027-03-09T12:01:00+00:00")
    assert len(mail_server.received) == 1
    with at("2027-03-12T12:00:00+00:00"):
        pause(ben, datetime(2027, 3, 19, 12, tzinfo=UTC))
    for moment in (NEXT_MONDAY, "2027-03-19T13:00:00+00:00"):
        digests_go_out(moment)
    assert len(mail_server.received) == 1
    due_at = Digest.objects.get().due_at
    assert due_at == datetime(2027, 3, 22, 8, tzinfo=UTC)


def test_a_refusal_for_now_is_tried_again_and_given_up(
    mail_server: MailServer, waiting: Conversation, ada: User, ben: User
) -> None:
    mail_server.refusals["ben@example.org"] = "452 4.2.2 Mailbox full"
    digests_go_out(MONDAY)
    assert Digest.objects.get().tries == 1
    mail_server.refusals = {}
    digests_go_out("2027-03-08T08:10:00+00:00")
    assert len(mail_server.received) == 1
    mail_server.refusals["ben@example.org"] = "452 4.2.2 Mailbox full"
    for moment in (
        NEXT_MONDAY,
        *(f"2027-03-{day}T{hour:02}:30:00+00:00" for day in (15, 16, 17, 18) for hour in (9, 21)),
    ):
        digests_go_out(moment)
    mail_server.refusals = {}
    digests_go_out("2027-03-18T22:00:00+00:00")  # three days are over
    assert len(mail_server.received) == 1
    mail_server.refusals["ben@example.org"] = "550 No such mailbox"
    with at("2027-03-21T12:00:00+00:00"):
        post(waiting, ada, "For @ben")
    digests_go_out("2027-03-22T08:01:00+00:00")
    assert User.objects.get(pk=ben.pk).email_refused_at
    mail_server.refusals = {}
    digests_go_out("2027-03-29T08:01:00+00:00")
    assert len(mail_server.received) == 1


def test_without_a_mail_server_it_waits(
    mail_server: MailServer, waiting: Conversation, settings: Settings
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    digests_go_out(MONDAY)
    settings.EMAIL_PORT = port
    digests_go_out("2027-03-09T08:00:00+00:00")
    assert len(mail_server.received) == 1


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"email_confirmed": False}, {"email_refused_at": timezone.now()}]
)
def test_nobody_without_a_good_address_gets_one(
    mail_server: MailServer, waiting: Conversation, ben: User, change: dict[str, object]
) -> None:
    User.objects.filter(pk=ben.pk).update(**change)
    digests_go_out(MONDAY)
    assert mail_server.received == []
    User.objects.filter(pk=ben.pk).update(is_active=True, email_confirmed=True, email_refused_at=None)
    digests_go_out("2027-03-09T08:00:00+00:00")
    assert mail_server.received == []
    digests_go_out(NEXT_MONDAY)
    assert len(mail_server.received) == 1


def test_one_persons_full_mailbox_keeps_nobody_waiting(
    mail_server: MailServer, waiting: Conversation, ada: User
) -> None:
    with at(FRIDAY):
        cem = UserFactory.create(username="cem", email="cem@example.org", email_confirmed=True)
        subscribe(cem)
    with at(SUNDAY):
        post(Conversation.objects.direct(ada, cem), ada, "To Cem")
    mail_server.refusals["ben@example.org"] = "452 4.2.2 Mailbox full"
    digests_go_out(MONDAY)
    (mail,) = mail_server.received
    assert "To Cem" in text_of(mail)
