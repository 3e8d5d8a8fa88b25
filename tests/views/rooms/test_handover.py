"""Before a room loses its administrator, the page names the successor, or says what to do first."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, User
from messaging.models.conversations.permissions import can_administer
from messaging.models.rooms.members import add
from tests.factories import UserFactory
from tests.views.page import Page

pytestmark = pytest.mark.django_db


def test_the_confirmation_page_names_the_successor(
    as_ada: Client, as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    leave = reverse("conversation_leave", args=[room.pk])
    assert "When you leave, <bdi>Ben Okri</bdi> becomes administrator" in as_ada.get(leave).content.decode()
    assert "only administrator" not in as_ben.get(leave).content.decode()
    own = Page(as_ada.get(reverse("room_member", args=[room.pk, ada.pk])))
    assert leave in own.links
    assert "Take them out" not in own.html
    User.objects.filter(pk=ben.pk).update(role=User.Role.ADMINISTRATOR)
    hers = reverse("room_member", args=[room.pk, ada.pk])
    assert "<bdi>Ben Okri</bdi> becomes administrator" in as_ben.get(hers).content.decode()
    answer = as_ben.post(hers, {"remove": ""}, follow=True)
    assert "Ben Okri is now its administrator" in answer.content.decode()


def test_last_administrator_has_to_appoint_another_first(
    as_ada: Client, room: Conversation, ada: User
) -> None:
    place = reverse("room_member", args=[room.pk, ada.pk])
    answer = as_ada.post(place, {"role": "member"}, follow=True)
    assert "Make another member administrator first" in answer.content.decode()
    assert room.allows(can_administer(ada))


def test_a_guest_is_offered_no_role(as_ada: Client, room: Conversation) -> None:
    guest = UserFactory.create(role=User.Role.GUEST)
    add(room, guest)
    place = reverse("room_member", args=[room.pk, guest.pk])
    page = Page(as_ada.get(place))
    assert "cannot be moderators" in page.html
    assert not [one for one in page.elements if one.attributes.get("name") == "role"]
    assert as_ada.post(place, {"role": "moderator"}).status_code == 404
