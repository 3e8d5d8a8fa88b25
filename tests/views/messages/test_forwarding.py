"""Forwarding, quoting, and replying in private: each sends or begins an ordinary text."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from messaging.models.rooms.settings import archive
from tests.factories import RoomFactory, UserFactory
from tests.views.page import FRAGMENT, Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def quay(ada: User, stranger: User) -> Conversation:
    """A private room of Ada and the stranger."""
    return RoomFactory.create(name="Quay", by=ada, members=[stranger], is_private=True)


def forward(client: Client, message: Message, to: str, **fields: str) -> Any:
    return client.post(reverse("message_forward", args=[message.pk]), {"to": to, **fields})


def newest() -> Message:
    return Message.rows.latest("pk")


def test_a_forwarded_message_is_the_comment_and_a_link(
    as_ada: Client, ada: User, message: Message, quay: Conversation
) -> None:
    answer = forward(as_ada, message, f"c{quay.pk}", content="Have you seen this?")
    sent = newest()
    assert answer.url == f"/conversations/{quay.pk}/?around={sent.seq}#m-{sent.pk}"
    assert sent.content == f"Have you seen this?\n\nhttp://testserver/messages/{message.pk}/"
    assert (sent.sender, sent.conversation) == (ada, quay)


@pytest.mark.parametrize("comment", ["```\nas code", "Look:\n```py\nx = 1", "~~~\nopen", "`a`"])
def test_a_comment_that_ends_in_open_code_does_not_swallow_the_link(
    as_ada: Client, message: Message, quay: Conversation, comment: str
) -> None:
    forward(as_ada, message, f"c{quay.pk}", content=comment)
    assert f'<a href="http://testserver/messages/{message.pk}/"' in newest().content_html
    assert comment in newest().content


def test_who_may_not_read_the_original_sees_only_the_link(
    as_ada: Client, as_stranger: Client, message: Message, quay: Conversation
) -> None:
    forward(as_ada, message, f"c{quay.pk}")
    address = reverse("conversation", args=[quay.pk])
    assert "Land ho" in as_ada.get(address).content.decode()
    theirs = as_stranger.get(address).content.decode()
    assert f"/messages/{message.pk}/" in theirs
    assert not any(word in theirs for word in ("Land ho", "Harbour"))


def test_a_person_without_a_conversation_can_be_chosen(
    as_ada: Client, ada: User, ben: User, message: Message
) -> None:
    forward(as_ada, message, f"p{ben.pk}")
    assert newest().conversation == Conversation.objects.direct(ada, ben)


@pytest.mark.parametrize("to", ["", "c", "x1", "c99999999", "p99999999", "c9999999999999999999", "c-1"])
def test_what_is_no_target_is_refused_and_the_comment_kept(as_ada: Client, message: Message, to: str) -> None:
    answer = forward(as_ada, message, to, content="Look")
    assert answer.status_code == 422
    assert Page(answer).field_value() == "Look"
    assert newest() == message


def test_rooms_that_one_may_not_write_in_are_refused(
    as_ada: Client, ada: User, message: Message, quay: Conversation
) -> None:
    foreign = RoomFactory.create(name="Foreign")
    archive(quay, by=ada)
    left = RoomFactory.create(by=UserFactory.create(), members=[ada])
    leave(left, ada)
    page = as_ada.get(reverse("message_forward", args=[message.pk])).content.decode()
    for room in (foreign, quay, left):
        assert forward(as_ada, message, f"c{room.pk}").status_code == 422
        assert f'value="c{room.pk}"' not in page
    assert newest() == message


def test_the_form_says_who_cannot_read_the_message(
    as_ada: Client, ada: User, ben: User, stranger: User, message: Message, quay: Conversation
) -> None:
    page = as_ada.get(reverse("message_forward", args=[message.pk])).content.decode()
    there = page.partition(f'value="c{quay.pk}"')[2].partition("</label>")[0]
    assert "1 person there cannot read this message" in there
    assert "cannot read" in page.partition(f'value="p{stranger.pk}"')[2].partition("</label>")[0]
    assert "cannot read" not in page.partition(f'value="p{ben.pk}"')[2].partition("</label>")[0]
    public = post(RoomFactory.create(by=ada), ada, "Open to all")
    assert "cannot read" not in as_ada.get(reverse("message_forward", args=[public.pk])).content.decode()
    UserFactory.create(role=User.Role.GUEST)
    assert "cannot read" in as_ada.get(reverse("message_forward", args=[public.pk])).content.decode()


def test_a_search_keeps_what_was_chosen_and_typed(
    as_ada: Client, message: Message, room: Conversation, quay: Conversation
) -> None:
    typed = {"search": "1", "q": "harb", "to": f"c{quay.pk}", "content": "Look"}
    address = reverse("message_forward", args=[message.pk])
    page = Page(as_ada.post(address, typed))
    radios = [one.attributes for one in page.elements if one.attributes.get("name") == "to"]
    assert [one["value"] for one in radios] == [f"c{quay.pk}", f"c{room.pk}"]
    assert "checked" in radios[0]
    assert page.field_value() == "Look"
    part = as_ada.post(address, typed, headers=FRAGMENT).content.decode()
    assert "<html" not in part
    assert f'value="c{room.pk}"' in part


def test_the_same_form_sent_twice_sends_once(as_ada: Client, message: Message, quay: Conversation) -> None:
    client_id = "5f0c5f0e-6f55-4a44-9b1c-0d6f2f1f1e11"
    for _ in range(2):
        forward(as_ada, message, f"c{quay.pk}", client_id=client_id)
    assert quay.messages.count() == 1


def test_the_list_takes_the_same_queries_for_any_number(
    ada: User, ben: User, message: Message, cost: Callable[..., int]
) -> None:
    address = reverse("message_forward", args=[message.pk])
    costs = []
    for number in (10, 20):
        for _ in range(number):
            Conversation.objects.direct(ben, UserFactory.create())
            RoomFactory.create(by=ada, members=[ben])
        costs.append(cost(address))
    assert costs[0] == costs[1]


def test_a_reply_begins_with_the_quotation(as_ben: Client, message: Message) -> None:
    address = reverse("message_reply", args=[message.pk])
    assert Page(as_ben.get(f"{address}?quote")).field_value() == "> Land ho\n\n"
    assert Page(as_ben.get(address)).field_value() == ""


def test_a_reply_in_private_begins_with_the_link(
    as_ben: Client, as_ada: Client, ada: User, ben: User, message: Message
) -> None:
    address = reverse("message_reply_in_private", args=[message.pk])
    page = Page(as_ben.post(address, follow=True))
    direct = Conversation.objects.direct(ada, ben)
    assert f'action="/conversations/{direct.pk}/send/"' in page.html
    assert page.field_value() == f"http://testserver/messages/{message.pk}/\n\n"
    assert as_ada.post(address).status_code == 404  # it is her own


def test_nobody_replies_in_private_to_who_cannot_be_written_to(
    as_ben: Client, ada: User, message: Message
) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert as_ben.post(reverse("message_reply_in_private", args=[message.pk])).status_code == 404
    menu = as_ben.get(reverse("message_menu", args=[message.pk])).content.decode()
    assert "Reply in private" not in menu
    assert "Forward…" in menu


def test_new_conversations_and_members_are_limited_wherever_they_are_made(
    as_ben: Client, ada: User, ben: User, message: Message, room: Conversation, settings: Settings
) -> None:
    cleo = UserFactory.create(username="cleo")
    settings.LIMITS = {**settings.LIMITS, "create": (1, 0.1)}
    private = reverse("message_reply_in_private", args=[message.pk])
    assert as_ben.post(private).status_code == 302
    assert as_ben.post(private).status_code == 302  # there is one now
    forward = {"to": f"p{cleo.pk}", "content": "Planted", "client_id": str(uuid4())}
    send = reverse("message_send", args=[room.pk])
    for address, form, status in (
        (reverse("message_forward", args=[message.pk]), forward, 429),
        (send, {"content": "/msg cleo Planted", "client_id": str(uuid4())}, 422),
        (send, {"content": "/invite cleo", "client_id": str(uuid4())}, 422),
    ):
        refused = as_ben.post(address, form)
        assert refused.status_code == status
        assert "Too many requests" in refused.content.decode()
        assert form["content"] in refused.content.decode()
    assert not cleo.memberships.exists()
    Conversation.objects.filter(kind="direct").delete()
    refused = as_ben.post(private)
    assert (refused.status_code, refused["Retry-After"]) == (429, "10")
    assert "Too many requests" in refused.content.decode()
