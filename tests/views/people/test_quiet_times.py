"""Quiet hours in the settings, and pausing notifications: what pages show, what is refused, how it ends."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from messaging.models import Conversation, MissedMail, User
from messaging.models.inbox.pausing import pause
from messaging.models.people.quiet_hours import as_number
from tests.views.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PAUSE, SETTINGS = "/account/pause/", "/account/notifications/"
FORM: dict[str, str | list[str]] = {"default_notification_level": "all", "title_counts": "all"}
# Sunday evening in Berlin.
NOW = "2027-03-07T20:30:00+00:00"
UNTIL = {
    "30": "2027-03-07T21:00:00+00:00",
    "60": "2027-03-07T21:30:00+00:00",
    "tomorrow": "2027-03-08T08:00:00+00:00",
}


def test_a_pause_ends_by_the_persons_clock_and_every_page_shows_it(as_ada: Client, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(time_zone="Europe/Berlin")
    with time_machine.travel(NOW, tick=False):
        as_ada.force_login(ada)
        assert "Paused until" not in as_ada.get("/inbox/").content.decode()
        for when, until in UNTIL.items():
            assert as_ada.post(PAUSE, {"when": when})["Location"] == PAUSE
            assert User.objects.get(pk=ada.pk).paused_until == datetime.fromisoformat(until)
        as_ada.post(PAUSE, {"at": "2027-03-09T12:00"})
        assert User.objects.get(pk=ada.pk).paused_until == datetime.fromisoformat("2027-03-09T11:00:00+00:00")
        for place in ("/inbox/", PAUSE):
            html = as_ada.get(place).content.decode()
            assert "Paused until" in html
            assert 'name="end"' in html
    with time_machine.travel("2027-03-09T11:00:01+00:00", tick=False):
        as_ada.force_login(ada)
        assert "Paused until" not in as_ada.get("/inbox/").content.decode()


def test_a_time_that_is_over_is_refused_and_stays_in_the_form(as_ada: Client, ada: User) -> None:
    for typed in ("2020-01-01T10:00", "soon", ""):
        answer = as_ada.post(PAUSE, {"at": typed})
        assert answer.status_code == 422
        assert Page(answer).all("errors")
        assert typed in answer.content.decode()
    assert User.objects.get(pk=ada.pk).paused_until is None


def test_who_ends_a_pause_gets_the_mails_that_waited_for_its_end(
    as_ada: Client, ada: User, direct: Conversation
) -> None:
    later = timezone.now() + timedelta(hours=3)
    pause(ada, later)
    mail = MissedMail.objects.create(user=ada, conversation=direct, due_at=later)
    failing = MissedMail.objects.create(
        user=direct.memberships.exclude(user=ada).get().user, conversation=direct
    )
    answer = as_ada.post(PAUSE, {"end": "1", "next": "/inbox/"})
    assert answer["Location"] == "/inbox/"
    assert as_ada.post(PAUSE, {"end": "1", "next": "https://elsewhere.example/"})["Location"] == PAUSE
    mail.refresh_from_db()
    assert mail.due_at
    assert mail.due_at <= timezone.now()
    assert failing.due_at
    assert User.objects.get(pk=ada.pk).paused_until is None


def test_quiet_hours_are_saved_in_the_zone_of_the_browser_and_shown_while_they_last(
    as_ada: Client, ada: User
) -> None:
    as_ada.cookies[settings.ZONE_COOKIE_NAME] = "Europe/Berlin"
    quiet: dict[str, str | list[str]] = {
        "quiet_hours_on": ["0", "6"],
        "quiet_from": "21:15",
        "quiet_to": "07:30",
        "quiet_days": ["5"],
    }
    assert as_ada.post(SETTINGS, FORM | quiet).status_code == 302
    stored = User.objects.get(pk=ada.pk)
    assert (stored.quiet_from, stored.quiet_to) == (time(21, 15), time(7, 30))
    assert (stored.quiet_hours_on, stored.quiet_days) == (as_number([0, 6]), as_number([5]))
    assert stored.quiet_zone == "Europe/Berlin"
    html = as_ada.get(SETTINGS).content.decode()
    assert 'value="21:15"' in html
    with time_machine.travel(NOW, tick=False):  # 21:30 on a Sunday in Berlin
        as_ada.force_login(ada)
        html = as_ada.get("/inbox/").content.decode()
        assert "Quiet until" in html
        assert 'data-until="2027-03-08T06:30:00+00:00"' in html
    as_ada.post(SETTINGS, FORM)
    stored.refresh_from_db()
    assert (stored.quiet_hours_on, stored.quiet_days, stored.quiet_zone) == (0, 0, "")
    assert stored.quiet_from == time(21, 15)


def test_the_zone_of_quiet_hours_changes_only_with_them(as_ada: Client, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(quiet_hours_on=as_number([0]), quiet_zone="Europe/Berlin")
    as_ada.cookies[settings.ZONE_COOKIE_NAME] = "Asia/Tokyo"
    html = as_ada.get(SETTINGS).content.decode()
    assert "In the time zone Europe/Berlin." in html
    assert "follow this browser: Asia/Tokyo." in html
    as_ada.post(SETTINGS, FORM | {"quiet_hours_on": ["0"], "sound": "bell"})
    ada.refresh_from_db()
    assert (ada.sound, ada.quiet_zone) == ("bell", "Europe/Berlin")
    as_ada.post(SETTINGS, FORM | {"quiet_hours_on": ["0"], "quiet_from": "21:00"})
    ada.refresh_from_db()
    assert (ada.quiet_from, ada.quiet_zone) == (time(21), "Asia/Tokyo")
    User.objects.filter(pk=ada.pk).update(time_zone="Europe/Paris")
    html = as_ada.get(SETTINGS).content.decode()
    assert "In the time zone Europe/Paris." in html
    assert "follow this browser" not in html


def test_hours_need_a_day(as_ada: Client, ada: User) -> None:
    answer = as_ada.post(SETTINGS, FORM | {"quiet_from": "21:00", "quiet_to": "06:00"})
    assert answer.status_code == 422
    assert "Choose the days on which these hours are quiet." in answer.content.decode()
    ada.refresh_from_db()
    same = {"quiet_from": f"{ada.quiet_from:%H:%M}", "quiet_to": f"{ada.quiet_to:%H:%M}"}
    assert as_ada.post(SETTINGS, FORM | same | {"quiet_days": ["6"]}).status_code == 302


MAILS = {PAUSE: "one email for each conversation", SETTINGS: "you get one email"}


@pytest.mark.parametrize(
    "no_mails",
    [
        {},
        {"has_server": False},
        {"email_confirmed": False},
        {"missed_mails_are": "off"},
        {"email_refused_at": timezone.now()},
    ],
)
def test_a_mail_is_promised_only_to_those_who_get_one(
    as_ada: Client, ada: User, monkeypatch: pytest.MonkeyPatch, no_mails: dict[str, object]
) -> None:
    monkeypatch.setattr(settings, "HAS_MAIL_SERVER", no_mails.get("has_server", True))
    of_person = {name: value for name, value in no_mails.items() if name != "has_server"}
    User.objects.filter(pk=ada.pk).update(**{"email": "ada@example.org", "email_confirmed": True} | of_person)
    for place, words in MAILS.items():
        html = as_ada.get(place).content.decode()
        assert (words in html) == (not no_mails)
        assert ("What you have not read waits in your inbox." in html) == bool(no_mails)
    assert ("and an email if you do not read it" in as_ada.get(SETTINGS).content.decode()) == (not no_mails)


def test_settings_that_cannot_be_saved_are_shown_as_they_were_typed(as_ada: Client, ada: User) -> None:
    bad: list[dict[str, str | list[str]]] = [
        {"quiet_from": "half past nine"},
        {"quiet_days": ["9"]},
        {"keywords": "launch\n!!!"},
        {"keywords": "x" * 61},
        {"sound": "siren"},
    ]
    for fields in bad:
        answer = as_ada.post(SETTINGS, FORM | fields)
        assert answer.status_code == 422, fields
        assert Page(answer).all("errors")
    assert "half past nine" in as_ada.post(SETTINGS, FORM | bad[0]).content.decode()
    assert not ada.keywords.exists()
    as_ada.post(SETTINGS, FORM | {"keywords": "launch\r\nlow tide", "sound": "bell"})
    assert list(ada.keywords.order_by("pk").values_list("word", flat=True)) == ["launch", "low tide"]
    assert User.objects.get(pk=ada.pk).sound == "bell"
    assert "low tide" in as_ada.get(SETTINGS).content.decode()
