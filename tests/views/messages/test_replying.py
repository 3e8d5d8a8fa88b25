"""Replying to a message, at any depth, from the timeline and from a thread."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def address(message: Message) -> str:
    return reverse("message_reply", args=[message.pk])


def test_a_reply_is_shown_below_its_parent(as_ben: Client, message: Message, ben: User) -> None:
    answer = as_ben.post(address(message), {"content": "Where?", "client_id": uuid.uuid4()})
    reply = Message.objects.get(sender=ben)
    assert (reply.parent_message, reply.thread_root, reply.depth) == (message, message, 1)
    assert answer.status_code == 302
    assert answer["Location"] == f"/messages/{message.pk}/thread/?at={reply.pk}#t-{reply.pk}"
    assert Page(as_ben.get(answer["Location"])).words() == ["Land ho", "Where?"]


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
def test_the_form_is_a_page_without_script_and_a_fragment_with_it(
    as_ben: Client, message: Message, headers: dict[str, str]
) -> None:
    page = Page(as_ben.get(address(message), headers=headers))
    assert page.is_whole == (not headers)
    assert page.field_value() == ""
    assert uuid.UUID(page.field_value("client_id"))
    assert "Replying to <bdi>Ada Lovelace</bdi>" in page.html


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
def test_if_the_parent_was_removed_the_page_says_so_and_keeps_the_text(
    as_ben: Client, message: Message, ada: User, headers: dict[str, str]
) -> None:
    as_ben.get(address(message))
    message.remove(by=ada)
    fields = {"content": "Where\n<i>?", "client_id": uuid.uuid4()}
    answer = as_ben.post(address(message), fields, headers=headers)
    page = Page(answer)
    assert answer.status_code == 422
    assert "The message that you are replying to was removed." in page.html
    assert page.field_value() == "Where\n<i>?"
    assert page.is_whole == (not headers)
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    "fields", [{}, {"content": ""}, {"content": "x" * 10_001}], ids=["no", "empty", "long"]
)
@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
def test_a_text_that_is_refused_stays_in_the_form_with_the_reason(
    as_ben: Client, message: Message, fields: dict[str, str], headers: dict[str, str]
) -> None:
    answer = as_ben.post(address(message), fields, headers=headers)
    page = Page(answer)
    assert answer.status_code == 422
    assert page.all("errors")
    assert page.field_value() == fields.get("content", "")
    assert Message.objects.count() == 1


def test_a_used_id_is_a_conflict_that_a_second_try_solves(as_ben: Client, message: Message) -> None:
    client_id = uuid.uuid4()
    as_ben.post(address(message), {"content": "One", "client_id": client_id})
    answer = as_ben.post(address(message), {"content": "Two", "client_id": client_id}, headers=FRAGMENT)
    page = Page(answer)
    assert answer.status_code == 409
    assert page.field_value() == "Two"
    again = as_ben.post(address(message), {"content": "Two", "client_id": page.field_value("client_id")})
    assert again.status_code == 302
    assert Message.objects.filter(parent_message=message).count() == 2


def test_the_same_id_under_another_message_is_a_conflict(
    as_ben: Client, message: Message, room: Conversation, ada: User
) -> None:
    client_id, other = uuid.uuid4(), post(room, ada, "Another")
    as_ben.post(address(message), {"content": "Yes", "client_id": client_id})
    assert as_ben.post(address(other), {"content": "Yes", "client_id": client_id}).status_code == 409


def test_sending_a_reply_again_leads_to_the_first(as_ben: Client, message: Message) -> None:
    fields = {"content": "Once", "client_id": uuid.uuid4()}
    first, again = (as_ben.post(address(message), fields) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert Message.objects.filter(parent_message=message).count() == 1


def test_deep_replies_have_the_right_depth_and_the_redirect_shows_them(
    as_ben: Client, message: Message
) -> None:
    above = message
    for depth in range(1, 12):
        answer = as_ben.post(address(above), {"content": f"depth {depth}"})
        above = Message.objects.get(content=f"depth {depth}")
        assert (above.depth, above.thread_root) == (depth, message)
        page, _, anchor = answer["Location"].partition("#")
        rows = Page(as_ben.get(page)).all("row")
        assert anchor in [row.attributes["id"] for row in rows]


def test_the_root_shows_the_number_of_its_replies_in_the_next_request(
    as_ben: Client, message: Message, room: Conversation
) -> None:
    timeline = reverse("message_list", args=[room.pk])
    assert not Page(as_ben.get(timeline)).all("summary")
    as_ben.post(address(message), {"content": "One"})
    assert "1 reply" in Page(as_ben.get(timeline)).all("summary")[0].text
    as_ben.post(address(message), {"content": "Two"})
    assert "2 replies" in Page(as_ben.get(timeline)).all("summary")[0].text
