"""The weekly digest in the settings, and its preview."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from messaging.models import Conversation, Digest, User
from messaging.models.inbox.digest import choose_digest
from messaging.models.messages.saving import post
from tests.views.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
SETTINGS, PREVIEW = "/account/notifications/", "/account/notifications/digest/"
FORM = {"default_notification_level": "all", "title_counts": "all", "missed_mails_are": "text"}
WEDNESDAY = "2027-03-10T12:00:00+00:00"


@pytest.fixture
def with_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HAS_MAIL_SERVER", True)


def test_without_a_mail_server_there_is_no_such_choice(as_ada: Client) -> None:
    html = as_ada.get(SETTINGS).content.decode()
    assert "digest" not in html
    assert as_ada.post(SETTINGS, FORM | {"digest_wanted": "on"}).status_code == 302
    assert not Digest.objects.exists()


@pytest.mark.usefixtures("with_mail")
def test_it_is_off_and_who_switches_it_on_gets_it_on_monday_morning_by_their_clock(
    as_ada: Client, ada: User
) -> None:
    as_ada.post(SETTINGS, FORM)
    assert not Digest.objects.exists()
    as_ada.cookies[settings.ZONE_COOKIE_NAME] = "Asia/Tokyo"
    with time_machine.travel(WEDNESDAY, tick=False):
        as_ada.force_login(ada)
        as_ada.cookies[settings.ZONE_COOKIE_NAME] = "Asia/Tokyo"
        assert as_ada.post(SETTINGS, FORM | {"digest_wanted": "on"}).status_code == 302
        digest = Digest.objects.get()
        assert digest.due_at == datetime(2027, 3, 14, 23, tzinfo=UTC)
        html = as_ada.get(SETTINGS).content.decode()
        assert "In the time zone Asia/Tokyo." in html
        # On a journey, another setting is changed: the digest stays as it is.
        as_ada.cookies[settings.ZONE_COOKIE_NAME] = "America/New_York"
        chosen = {"digest_wanted": "on", "digest_day": "0", "digest_hour": "8"}
        as_ada.post(SETTINGS, FORM | chosen)
        assert Digest.objects.get().due_at == digest.due_at
        as_ada.post(SETTINGS, FORM | chosen | {"digest_day": "6", "digest_hour": "20"})
        assert Digest.objects.get().due_at == datetime(2027, 3, 15, 0, tzinfo=UTC)
        profile = {"display_name": "Ada", "time_zone": "Europe/Berlin", "theme": "system"}
        as_ada.post("/account/", profile)
        assert Digest.objects.get().due_at == datetime(2027, 3, 14, 19, tzinfo=UTC)
        as_ada.post(SETTINGS, FORM)
    off = Digest.objects.get()
    assert (off.is_wanted, off.due_at) == (False, None)


@pytest.mark.usefixtures("with_mail")
@pytest.mark.parametrize("wrong", [{"digest_day": "7"}, {"digest_hour": "24"}, {"digest_day": "soon"}])
def test_what_is_no_day_or_hour_is_refused(as_ada: Client, wrong: dict[str, str]) -> None:
    answer = as_ada.post(SETTINGS, FORM | {"digest_wanted": "on"} | wrong)
    assert answer.status_code == 422
    assert Page(answer).all("errors")
    assert not Digest.objects.exists()


@pytest.mark.usefixtures("with_mail")
def test_who_can_get_no_mails_reads_why(as_ada: Client, ada: User) -> None:
    assert "You have no email address" in as_ada.get(SETTINGS).content.decode()
    User.objects.filter(pk=ada.pk).update(email="ada@example.org", email_confirmed=True)
    assert "No email is sent if there is nothing new" in as_ada.get(SETTINGS).content.decode()


def test_the_preview_is_what_the_mail_would_be_and_sends_none(
    as_ada: Client, ada: User, ben: User, direct: Conversation
) -> None:
    Conversation.objects.update(created_at=None)
    assert "Nothing new in the last seven days" in as_ada.get(PREVIEW).content.decode()
    message = post(direct, ben, "The <tide> is early")
    choose_digest(ada, is_wanted=True, day=0, hour=8, zone="")
    before = Digest.objects.values().get()
    html = as_ada.get(PREVIEW).content.decode()
    assert "1 message waits for you" in html
    assert "The &lt;tide&gt; is early" in html
    assert f"/messages/{message.pk}/" in html
    assert Digest.objects.values().get() == before
    assert mail.outbox == []


def test_summer_time_moves_no_digest(ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(time_zone="Europe/Berlin")
    ada.refresh_from_db()
    digest = Digest(user=ada, day=6, hour=2)  # an hour that the 28th of March 2027 does not have
    now = datetime(2027, 3, 20, 12, tzinfo=UTC)
    found = []
    for _ in range(3):
        digest.plan(now)
        assert digest.due_at
        found.append(digest.due_at)
        now = digest.due_at
        digest.last_on = digest.latest_day(now)
    assert found == [
        datetime(2027, 3, 21, 1, tzinfo=UTC),
        datetime(2027, 3, 28, 1, tzinfo=UTC),
        datetime(2027, 4, 4, 0, tzinfo=UTC),
    ]


def test_the_export_and_the_deletion_know_it(as_ada: Client, ada: User) -> None:
    from messaging.models.accounts.personal_data import parts_of

    choose_digest(ada, is_wanted=True, day=4, hour=9, zone="Europe/Berlin")
    assert parts_of(ada)["weekly_digest"] == [
        {"wanted": True, "day": "friday", "hour": 9, "time_zone": "Europe/Berlin", "last": None}
    ]
    due_at = Digest.objects.get().due_at
    assert due_at
    assert timezone.now() < due_at <= timezone.now() + timedelta(days=7, hours=1)  # summer time may end
    ada.delete()
    assert not Digest.objects.exists()
