"""Sending a message: either it is stored, or the form keeps the text and shows the reason."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.text import MAX_LENGTH
from tests.views.page import FRAGMENT, Answer, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def send(
    client: Client,
    room: Conversation,
    content: str,
    headers: dict[str, str] | None = None,
    **fields: object,
) -> Answer:
    return client.post(
        reverse("message_send", args=[room.pk]), {"content": content, **fields}, headers=headers
    )


def test_a_message_is_stored_and_the_page_it_leads_to_shows_it(
    as_ada: Client, room: Conversation, ada: User
) -> None:
    answer = send(as_ada, room, "Land ho", client_id=uuid.uuid4())
    message = Message.objects.get()
    assert (message.sender, message.conversation, message.content) == (ada, room, "Land ho")
    assert (answer.status_code, answer["Location"]) == (302, f"/conversations/{room.pk}/#m-{message.pk}")
    page = Page(as_ada.get(answer["Location"]))
    assert page.words() == ["Land ho"]
    assert f"m-{message.pk}" in [element.attributes.get("id") for element in page.all("row")]


def test_each_page_has_a_form_with_an_id_of_its_own(as_ada: Client, room: Conversation) -> None:
    address = reverse("conversation", args=[room.pk])
    first, second = (uuid.UUID(Page(as_ada.get(address)).field_value("client_id")) for _ in range(2))
    assert first != second


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
@pytest.mark.parametrize(
    "text", ["", " \n\t ", "\u200b\u200d", "\x00"], ids=["none", "blank", "invisible", "nul"]
)
def test_a_text_that_nobody_could_see_is_refused_with_the_reason(
    as_ada: Client, room: Conversation, text: str, headers: dict[str, str]
) -> None:
    answer = send(as_ada, room, text, client_id=uuid.uuid4(), headers=headers)
    assert answer.status_code == 422
    assert "Enter some visible text." in Page(answer).html
    assert not Message.objects.exists()


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
def test_a_text_that_is_too_long_stays_unchanged_in_the_form(
    as_ada: Client, room: Conversation, headers: dict[str, str]
) -> None:
    text = "<b>&amp;\n" + "x" * MAX_LENGTH
    answer = send(as_ada, room, text, client_id=uuid.uuid4(), headers=headers)
    assert answer.status_code == 422
    assert "the limit is 10,000" in Page(answer).html
    assert Page(answer).field_value() == text
    assert not Message.objects.exists()


def test_the_longest_text_that_is_possible_is_sent(as_ada: Client, room: Conversation) -> None:
    assert send(as_ada, room, "x" * MAX_LENGTH).status_code == 302
    assert len(Message.objects.get().content) == MAX_LENGTH


def test_sending_twice_with_the_same_id_stores_one_message(as_ada: Client, room: Conversation) -> None:
    client_id = uuid.uuid4()
    first = send(as_ada, room, "Once", client_id=client_id)
    again = send(as_ada, room, "Once", client_id=client_id)
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert Message.objects.count() == 1


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
def test_a_used_id_with_another_text_is_a_conflict_that_a_second_try_solves(
    as_ada: Client, room: Conversation, headers: dict[str, str]
) -> None:
    client_id = uuid.uuid4()
    send(as_ada, room, "First", client_id=client_id)
    answer = send(as_ada, room, "Second", client_id=client_id, headers=headers)
    page = Page(answer)
    assert answer.status_code == 409
    assert "This message was already sent with a different text." in page.html
    assert page.field_value() == "Second"
    assert page.field_value("client_id") != str(client_id)
    assert send(as_ada, room, page.field_value(), client_id=page.field_value("client_id")).status_code == 302
    assert list(Message.objects.order_by("seq").values_list("content", flat=True)) == ["First", "Second"]


def test_an_id_that_another_person_used_is_not_taken(
    as_ada: Client, as_ben: Client, room: Conversation
) -> None:
    client_id = uuid.uuid4()
    assert send(as_ada, room, "Mine", client_id=client_id).status_code == 302
    assert send(as_ben, room, "Mine too", client_id=client_id).status_code == 302
    assert Message.objects.count() == 2


@pytest.mark.parametrize("client_id", ["no id", "1" * 5_000, "\x00", "'; DROP TABLE messaging_message; --"])
def test_an_invalid_id_is_replaced_reported_and_the_text_kept(
    as_ada: Client, room: Conversation, client_id: str
) -> None:
    answer = send(as_ada, room, "Still here", client_id=client_id)
    page = Page(answer)
    assert answer.status_code == 422
    assert "Send it again" in page.html
    assert page.field_value() == "Still here"
    assert send(as_ada, room, page.field_value(), client_id=page.field_value("client_id")).status_code == 302


def test_only_the_declared_fields_are_taken_from_the_form(
    as_ada: Client, room: Conversation, ada: User, ben: User
) -> None:
    send(as_ada, room, "Mine", sender=ben.pk, seq=999, read="on", timestamp="1999-01-01", edited="on")
    message = Message.objects.get()
    assert (message.sender, message.edited, message.read) == (ada, False, False)
    assert message.seq != 999
    assert message.timestamp.year != 1999


def test_a_direct_message_is_unread_for_the_receiver(as_ada: Client, direct: Conversation, ben: User) -> None:
    send(as_ada, direct, "Only you")
    message = Message.objects.get()
    assert message.receiver == ben
    assert list(Message.unread_messages.for_user(ben)) == [message]
