"""One's status: where it shows, when it ends, and what is refused."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from messaging.http import rate_limits
from messaging.models import Conversation, User
from tests.views.page import Answer, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PLACE = "/account/status/"


@pytest.fixture(autouse=True)
def reset_rate_limits() -> Iterator[None]:
    rate_limits.fill_all_buckets()
    yield
    rate_limits.fill_all_buckets()


def set_status(client: Client, status: str = "At lunch", ends: str = "never", **fields: str) -> Answer:
    return client.post(PLACE, {"status": status, "ends": ends} | fields)


def test_a_status_is_on_every_page_that_shows_the_person_until_it_ends(
    as_ada: Client, as_ben: Client, ada: User, direct: Conversation
) -> None:
    places = ["/", "/people/", reverse("person", args=[ada.pk])]
    places += [reverse(name, args=[direct.pk]) for name in ("conversation", "conversation_title")]

    def showing() -> list[str]:
        return [place for place in places if "At lunch" in as_ben.get(place).content.decode()]

    assert showing() == []  # and the lists are cached
    assert set_status(as_ada, ends="30")["Location"] == PLACE
    for place in ("/", PLACE, "/account/"):
        assert "At lunch" in as_ada.get(place).content.decode()
    assert showing() == showing() == places
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert showing() == []
    set_status(as_ada)
    assert showing() == places
    assert as_ada.post(PLACE, {"clear": "1"})["Location"] == PLACE
    assert showing() == []
    assert "Clear status" not in as_ada.get(PLACE).content.decode()


def test_status_of_people_met_only_in_rooms_is_on_their_page(
    as_ada: Client, as_ben: Client, ada: User, room: Conversation
) -> None:
    set_status(as_ada)
    assert "At lunch" not in as_ben.get(reverse("conversation", args=[room.pk])).content.decode()
    assert "At lunch" in as_ben.get(reverse("person", args=[ada.pk])).content.decode()


# Sunday evening in Berlin, Monday morning in Auckland, and still Sunday in UTC.
NOW = "2027-03-07T20:30:00+00:00"
ENDS = {
    ("never", ""): None,
    ("30", ""): "2027-03-07T21:00:00+00:00",
    ("60", ""): "2027-03-07T21:30:00+00:00",
    ("240", ""): "2027-03-08T00:30:00+00:00",
    ("today", "Europe/Berlin"): "2027-03-07T23:00:00+00:00",
    ("week", "Europe/Berlin"): "2027-03-07T23:00:00+00:00",
    ("today", "Pacific/Auckland"): "2027-03-08T11:00:00+00:00",
    ("week", "Pacific/Auckland"): "2027-03-14T11:00:00+00:00",
    ("today", ""): "2027-03-08T00:00:00+00:00",
    ("at", "Europe/Berlin"): "2027-03-08T08:15:00+00:00",
    ("at", ""): "2027-03-08T09:15:00+00:00",
}


def test_the_end_is_in_the_persons_time_zone(as_ada: Client, ada: User) -> None:
    with time_machine.travel(NOW, tick=False):
        as_ada.force_login(ada)
        for by_browser in (False, True):
            for (ends, zone), until in ENDS.items():
                User.objects.filter(pk=ada.pk).update(time_zone="" if by_browser else zone, status="")
                told = {"zone": zone} if by_browser else {"zone": "Asia/Tokyo"} if zone else {}
                answer = set_status(as_ada, ends=ends, at="2027-03-08T09:15", **told)
                assert answer.status_code == 302, (ends, zone)
                expected = until and datetime.fromisoformat(until)
                assert User.objects.get(pk=ada.pk).status_until == expected, (ends, zone, by_browser)


def test_changing_the_text_can_keep_the_end(as_ada: Client, ada: User) -> None:
    assert "as-now" not in as_ada.get(PLACE).content.decode()
    assert set_status(as_ada, ends="as-now").status_code == 422
    set_status(as_ada, ends="60")
    until = User.objects.get(pk=ada.pk).status_until
    page = Page(as_ada.get(PLACE))
    chosen = [one.attributes["value"] for one in page.elements if "selected" in one.attributes]
    assert (page.field_value("status"), chosen) == ("At lunch", ["as-now"])
    assert set_status(as_ada, "At a long lunch", "as-now").status_code == 302
    after = User.objects.get(pk=ada.pk)
    assert (after.status, after.status_until) == ("At a long lunch", until)


REFUSED = [
    ({"status": "x" * 101}, "the limit is 100"),
    ({"status": " "}, "visible text"),
    ({"ends": "some day"}, "Choose when"),
    ({"ends": "31"}, "Choose when"),
    ({"ends": "at"}, "Enter a date and time"),
    ({"ends": "at", "at": "2020-01-01T10:00"}, "This time is in the past"),
    ({"ends": "at", "at": "0001-01-01T00:00"}, "This time is in the past"),
    ({"ends": "at", "at": "9999-12-31T23:59"}, "more than a year"),
    ({"ends": "at", "at": "2027-02-30T10:00"}, "in this format"),
    ({"ends": "at", "at": "tomorrow\0"}, "in this format"),
]


def test_invalid_input_is_explained_and_nothing_typed_is_lost(as_ada: Client, ada: User) -> None:
    set_status(as_ada, "Here")
    for zone in ("", "Pacific/Kiritimati", "Pacific/Pago_Pago"):
        User.objects.filter(pk=ada.pk).update(time_zone=zone)
        for fields, reason in REFUSED:
            answer = set_status(as_ada, **({"status": "At lunch"} | fields))
            page = Page(answer)
            assert answer.status_code == 422, fields
            assert reason in " ".join(one.text for one in page.all("errors")), fields
            assert page.field_value("status") == fields.get("status", "At lunch")
            assert page.field_value("at").rstrip("\0\ufffd") == fields.get("at", "").rstrip("\0")
    assert User.objects.get(pk=ada.pk).status == "Here"
    assert (
        set_status(as_ada, zone="Mars/Olympus").status_code == 302
    )  # an unknown zone of the browser is ignored


def test_setting_a_status_too_fast_is_refused(as_ada: Client, ada: User, settings: Settings) -> None:
    settings.LIMITS = {"status": (1, 0.1)}
    set_status(as_ada, "one")
    answer = set_status(as_ada, "two")
    assert (answer.status_code, answer["Retry-After"]) == (429, "10")
    assert Page(answer).field_value("status") == "two"
    assert User.objects.get(pk=ada.pk).status == "one"
