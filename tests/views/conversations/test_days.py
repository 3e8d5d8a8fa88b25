"""Where the days of a timeline begin: in the zone of the browser, in a list that all readers share in UTC."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from tests.views.page import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening(room: Conversation, ada: User) -> None:
    """A message every three hours, from six in the evening (UTC) of 1 March on."""
    for place in range(5):
        sent = datetime(2027, 3, 1, 18, tzinfo=UTC) + place * timedelta(hours=3)
        message = post(room, ada, f"{sent:%H}")
        Message.rows.filter(pk=message.pk).update(timestamp=sent)


def days(client: Client, room: Conversation, name: str = "conversation") -> list[tuple[str, str]]:
    """The date of each line between days, and the text of the message below it."""
    page = Page(client.get(reverse(name, args=[room.pk])))
    shown = [one for one in page.elements if "datetime" in one.attributes and "title" not in one.attributes]
    below = [
        next(other.text.strip() for other in page.all("prose") if other.first >= one.first) for one in shown
    ]
    return [(one.attributes["datetime"], text) for one, text in zip(shown, below, strict=True)]


IN_UTC = [("2027-03-01", "18"), ("2027-03-02", "00")]


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("America/New_York", [("2027-03-01", "18"), ("2027-03-02", "06")]),
        ("Asia/Kolkata", [("2027-03-01", "18"), ("2027-03-02", "21")]),
        ("Pacific/Auckland", [("2027-03-02", "18")]),
        ("UTC", IN_UTC),
        *((bad, IN_UTC) for bad in ("", "Mars/Olympus", "../../etc/passwd", "x" * 3000, "\u00e9")),
    ],
)
@pytest.mark.usefixtures("evening")
def test_a_page_has_the_days_of_the_browsers_zone(
    as_ben: Client, room: Conversation, zone: str, shown: list[tuple[str, str]]
) -> None:
    as_ben.cookies["parley_zone"] = zone
    assert days(as_ben, room) == shown
    assert days(as_ben, room, "message_list") == IN_UTC


@pytest.mark.usefixtures("evening")
def test_without_script_days_are_those_of_the_times_that_are_shown(
    as_ben: Client, room: Conversation, ben: User
) -> None:
    ben.time_zone = "Pacific/Auckland"
    ben.save()
    assert days(as_ben, room) == IN_UTC


@pytest.mark.parametrize(
    ("zone", "day", "text"),
    [
        ("UTC", "2027-03-01", "18"),
        ("UTC", "2027-03-02", "00"),
        ("America/New_York", "2027-03-02", "06"),
        ("Asia/Kolkata", "2027-03-02", "21"),
        ("Pacific/Auckland", "2027-03-02", "18"),
        ("Pacific/Auckland", "2027-03-01", "18"),
        ("UTC", "0001-01-01", "18"),
        ("Pacific/Auckland", "0001-01-01", None),  # no time that a database can store
        ("UTC", "2027-03-03", None),
        ("America/New_York", "9999-12-31", None),
        *(("UTC", bad, None) for bad in ("", "yesterday", "2027-02-30", "2027-13-01", "\x00", "9" * 5000)),
    ],
)
@pytest.mark.usefixtures("evening")
def test_an_address_leads_to_the_first_message_of_a_day_in_the_browsers_zone(
    as_ben: Client, room: Conversation, zone: str, day: str, text: str | None
) -> None:
    as_ben.cookies["parley_zone"] = zone
    page = reverse("conversation", args=[room.pk])
    response = as_ben.get(page, {"on": day})
    found = Message.objects.filter(content=text).first()
    assert response.status_code == 302
    assert response["Location"] == (f"{page}?around={found.seq}#m-{found.pk}" if found else page)


@pytest.mark.usefixtures("evening")
def test_the_address_of_a_day_tells_others_nothing(as_stranger: Client, room: Conversation) -> None:
    assert as_stranger.get(reverse("conversation", args=[room.pk]), {"on": "2027-03-01"}).status_code == 404
