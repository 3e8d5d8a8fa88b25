"""The time zone that one chooses: its effect on times, for oneself and for others."""

from collections.abc import Callable

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from tests.views.cached import address, cached_lists
from tests.views.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
NOON = "2027-07-01T12:05:00Z"


def choose(client: Client, zone: str) -> int:
    fields = {"display_name": "Ada Lovelace", "theme": "system", "time_zone": zone}
    return client.post("/account/", fields).status_code


def test_times_are_in_the_readers_zone_and_others_see_the_local_time(
    as_ada: Client, as_ben: Client, ada: User, ben: User
) -> None:
    with time_machine.travel(NOON, tick=False):
        as_ada.force_login(ada)
        as_ben.force_login(ben)
        Message.objects.create(sender=ben, receiver=ada, content="Hello")
        adas_page = reverse("person", args=[ada.pk])
        assert "Local time" not in as_ben.get(adas_page).content.decode()
        assert "1 Jul, 12:05" in as_ada.get("/search/?q=hello").content.decode()
        assert "data-zone" not in as_ada.get("/").content.decode()
        assert choose(as_ada, "Asia/Kolkata") == 302
        notified = as_ada.get("/search/?q=hello").content.decode()
        assert "1 Jul, 17:35" in notified
        assert "Thursday, 1 July 2027, 17:35 IST" in notified
        assert "2027-07-01T17:35:00+05:30" in notified
        assert 'data-zone="Asia/Kolkata"' in as_ada.get("/").content.decode()
        assert "Local time 17:35 (UTC+5:30)" in as_ben.get(adas_page).content.decode()
        assert choose(as_ada, "") == 302
        assert "Local time" not in as_ben.get(adas_page).content.decode()


def test_unknown_time_zone_is_refused_with_a_reason(as_ada: Client, ada: User) -> None:
    choose(as_ada, "Europe/Berlin")
    for zone in ("Europe/Nowhere", "../../etc/passwd", "Etc/GMT+5", "\0", "x" * 10_000):
        answer = as_ada.post("/account/", {"display_name": "Ada King", "theme": "dark", "time_zone": zone})
        page = Page(answer)
        assert answer.status_code == 422
        assert [one.text.strip() for one in page.all("errors")] == ["There is no time zone with this name."]
        assert page.field_value("display_name") == "Ada King"
    assert User.objects.get(pk=ada.pk).time_zone == "Europe/Berlin"
    page = Page(as_ada.get("/account/"))
    selected = [one.attributes["value"] for one in page.elements if "selected" in one.attributes]
    assert selected == ["", "Europe/Berlin"]  # the language as the browser says, and the zone


def test_a_stored_zone_that_is_unknown_now_is_ignored(as_ada: Client, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(time_zone="Europe/Gone")
    for place in ("/", "/account/", "/account/status/", "/inbox/"):
        answer = as_ada.get(place)
        assert answer.status_code == 200
        assert "Europe/Gone" not in answer.content.decode()


def test_what_all_members_share_is_the_same_wherever_they_are(
    browser: Callable[..., Client], ada: User, ben: User, room: Conversation, message: Message
) -> None:
    """The cached pages and messages are the same, no matter who requests them first."""
    User.objects.filter(pk=ada.pk).update(time_zone="Pacific/Auckland")
    post(room, ben, "Where?", parent=message)
    places = [address(name, message) for name in cached_lists()]
    assert len(places) >= 2
    page = reverse("conversation", args=[room.pk])
    for place in places:
        found = []
        for people in ((ada, ben), (ben, ada)):
            for cache in ("pages", "fragments"):
                caches[cache].clear()
            browser(people[0]).get(page)
            found += [browser(person).get(place).content for person in people]
        assert len(set(found)) == 1, place
        assert f"{message.timestamp:%H:%M} UTC".encode() in found[0]
