"""Rooms behind a #: which are offered, which become links, and what a renamed room does to old messages."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.rerendering import rerender
from messaging.models.messages.saving import post
from messaging.models.rooms.settings import remove_room, rename
from tests.contract.counting import statements
from tests.factories import RoomFactory
from tests.views.page import FRAGMENT

pytestmark = pytest.mark.django_db


@pytest.fixture
def quay(ada: User) -> Conversation:
    """A public room of Ada alone."""
    return RoomFactory.create(name="Quay West", by=ada)


def offered(client: Client, typed: str = "") -> str:
    return client.get(reverse("room_names"), {"q": typed}, headers=FRAGMENT).content.decode()


def link_to(room: Conversation) -> str:
    return f'<a class="room-link" href="/conversations/{room.pk}/"'


def test_a_public_room_becomes_a_link_and_a_private_one_stays_text(
    ada: User, room: Conversation, quay: Conversation
) -> None:
    html = post(room, ada, "Not in #harbour, but in #quay west").content_html
    assert f"{link_to(quay)} " in html
    assert ">#quay west</a>" in html
    assert "in #harbour," in html


def test_a_removed_room_stays_text(ada: User, room: Conversation, quay: Conversation) -> None:
    remove_room(quay, by=ada)
    assert "<a" not in post(room, ada, "See #quay west").content_html


def test_an_old_message_leads_to_a_renamed_room_also_after_an_edit(
    ada: User, room: Conversation, quay: Conversation
) -> None:
    message = post(room, ada, "See #Quay West")
    rename(quay, "Quay East", "", by=ada)
    message.edit("Do see #Quay West", by=ada)
    assert f"Do see {link_to(quay)}" in message.content_html
    assert ">#Quay West</a>" in message.content_html
    before = message.content_html
    rerender(room, Message.rows.filter(pk=message.pk))
    assert Message.rows.get(pk=message.pk).content_html == before
    assert link_to(quay) not in post(room, ada, "See #Quay West").content_html


def test_the_preview_shows_the_link(as_ada: Client, room: Conversation, quay: Conversation) -> None:
    address = reverse("conversation_preview", args=[room.pk])
    html = as_ada.post(address, {"content": "See #quay west"}, headers=FRAGMENT).content.decode()
    assert link_to(quay) in html


def test_a_text_without_a_sign_takes_no_query_and_one_with_many_takes_one(
    ada: User, room: Conversation, quay: Conversation
) -> None:
    costs = []
    for text in ("none", "#quay west", "#quay west and #design and #café and #launch"):
        with statements() as found:
            post(room, ada, text)
        costs.append(len(found))
    assert costs == [costs[0], costs[0] + 1, costs[0] + 1]


def test_own_rooms_are_offered_first_and_private_ones_of_others_are_not(
    as_ben: Client, room: Conversation, quay: Conversation
) -> None:
    RoomFactory.create(name="Secret", is_private=True)
    html = offered(as_ben)
    assert html.index('data-text="#Harbour"') < html.index('data-text="#Quay West"')
    assert "Secret" not in html + offered(as_ben, "sec")
    assert 'data-text="#Quay West"' in offered(as_ben, "WES")
    assert "data-text" not in offered(as_ben, "nothing")


def test_guests_are_offered_the_rooms_that_they_are_in(
    as_ben: Client, ben: User, room: Conversation, quay: Conversation
) -> None:
    User.objects.filter(pk=ben.pk).update(role=User.Role.GUEST)
    html = offered(as_ben)
    assert 'data-text="#Harbour"' in html
    assert "Quay" not in html


def test_names_are_escaped_and_unchanged_lists_not_sent_again(as_ada: Client, ada: User) -> None:
    RoomFactory.create(name='<b>"Bold"</b>', by=ada)
    answer = as_ada.get(reverse("room_names"), headers=FRAGMENT)
    assert "&lt;b&gt;&quot;Bold&quot;&lt;/b&gt;" in answer.content.decode()
    assert "<b>" not in answer.content.decode()
    again = {**FRAGMENT, "If-None-Match": answer["ETag"]}
    assert as_ada.get(reverse("room_names"), headers=again).status_code == 304
