"""Notification preferences: for new rooms, and in the tab's title."""

import pytest
from django.test import Client

from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from tests.factories import RoomFactory
from tests.views.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
PLACE = "/account/notifications/"


def title(client: Client) -> str:
    return next(one.text for one in Page(client.get("/")).elements if one.tag == "title")


def test_a_joined_room_gets_the_preferred_notification_level(as_ben: Client, ada: User, ben: User) -> None:
    before = User.objects.get(pk=ben.pk).version
    assert (
        as_ben.post(PLACE, {"default_notification_level": "personal", "title_counts": "all"})["Location"]
        == PLACE
    )
    assert User.objects.get(pk=ben.pk).version > before  # so that open pages follow
    page = Page(as_ben.get(PLACE))
    checked = [one.attributes["value"] for one in page.elements if "checked" in one.attributes]
    assert checked == ["personal", "all", ""]  # and no sound
    square = RoomFactory.create(name="Square", by=ada)
    as_ben.post(f"/conversations/{square.pk}/join/")
    assert ben.memberships.get(conversation=square).notification_level == "personal"


def test_title_counts_what_the_preference_says(
    as_ben: Client, ada: User, ben: User, room: Conversation
) -> None:
    post(room, ada, "To all")
    post(room, ada, "To @ben")
    assert title(as_ben) == "(2) Parley"
    as_ben.post(PLACE, {"default_notification_level": "all", "title_counts": "personal"})
    assert title(as_ben) == "(1) Parley"
    assert 'data-total="1"' in as_ben.get("/").content.decode()


def test_invalid_values_are_refused(as_ben: Client, ben: User) -> None:
    before = User.objects.filter(pk=ben.pk).values().get()
    for fields in (
        {"default_notification_level": "loud", "title_counts": "all"},
        {"default_notification_level": "all"},
        {},
    ):
        answer = as_ben.post(PLACE, fields)
        assert answer.status_code == 422
        assert Page(answer).all("errors")
    form = {"default_notification_level": "all", "title_counts": "all", "lists_reactions": "on"}
    as_ben.post(PLACE, {**form, "role": "owner", "theme": "dark"})
    after = User.objects.filter(pk=ben.pk).values().get()
    assert {name for name in before if before[name] != after[name]} == {"version"}
