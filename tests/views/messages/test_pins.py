"""Pinning by forms, the list of what is pinned, and what every reader is shown of it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Message, User
from messaging.models.messages.pinning import MOST_PINS, pin
from messaging.models.messages.saving import post
from messaging.models.rooms.settings import archive
from messaging.rendering.rows import timeline_row
from tests.views.page import FRAGMENT

pytestmark = pytest.mark.django_db


def address(name: str, message: Message) -> str:
    return reverse(name, args=[message.pk])


def html_of(message: Message) -> str:
    current = Message.objects.select_related("sender", "conversation").get(pk=message.pk)
    return timeline_row(current, 1).message_html


def test_a_press_pins_and_another_verb_unpins(
    message: Message, ben: User, browser: Callable[[User], Client]
) -> None:
    client = browser(ben)
    for name, is_pinned in (("message_pin", True), ("message_pin", True), ("message_unpin", False)):
        answer = client.post(address(name, message), headers=FRAGMENT)
        assert answer.status_code == 200
        assert f'hx-target="#m-{message.pk} &gt; .message"' in answer.content.decode()
        assert ('class="pinned"' in html_of(message)) is is_pinned
        menu = client.get(address("message_menu", message), headers=FRAGMENT).content.decode()
        assert address("message_unpin" if is_pinned else "message_pin", message) in menu


def test_the_list_says_who_pinned_what_the_last_first_and_unpins_without_script(
    message: Message, ada: User, ben: User, browser: Callable[[User], Client]
) -> None:
    client, place = browser(ben), reverse("conversation_pins", args=[message.conversation_id])
    assert "Nothing is pinned here" in client.get(place).content.decode()
    reply = post(message.conversation, ada, "Under the lighthouse", parent=message)
    for one, user in ((message, ada), (reply, ben)):
        pin(one, user)
    conversation = client.get(reverse("conversation", args=[message.conversation_id])).content.decode()
    assert f'href="{place}">2 pinned</a>' in conversation
    page = client.get(place).content.decode()
    assert (
        page.index("Under the lighthouse")
        < page.index("Pinned by <bdi>Ben Okri")
        < page.index("Pinned by <bdi>Ada")
    )
    assert address("message", message) in page
    answer = client.post(address("message_unpin", reply), {"list": "1"}, follow=True)
    assert answer.redirect_chain == [(place, 302)]
    assert "Under the lighthouse" not in answer.content.decode()


@pytest.mark.parametrize("headers", [None, FRAGMENT], ids=["page", "htmx"])
def test_there_is_a_number_of_pins_and_a_refusal_says_so(
    message: Message, ben: User, browser: Callable[[User], Client], headers: dict[str, str] | None
) -> None:
    for number in range(MOST_PINS):
        pin(post(message.conversation, ben, f"word {number}"), ben)
    answer = browser(ben).post(address("message_pin", message), headers=headers)
    assert answer.status_code == 422
    assert f"{MOST_PINS} messages are pinned here already" in answer.content.decode()
    assert 'class="pinned"' not in html_of(message)


def test_in_an_archived_room_the_list_can_be_read_alone(
    message: Message, ada: User, browser: Callable[[User], Client]
) -> None:
    pin(message, ada)
    archive(message.conversation, by=ada)
    client = browser(ada)
    page = client.get(reverse("conversation_pins", args=[message.conversation_id])).content.decode()
    assert address("message", message) in page
    assert address("message_unpin", message) not in page
    assert client.post(address("message_unpin", message)).status_code == 422
