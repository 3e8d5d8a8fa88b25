"""Commands that are mistyped or too long: nothing is sent, and the refusal keeps what was typed."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.views.messages.command_list import MOST_PEOPLE
from tests.factories import RoomFactory, UserFactory
from tests.views.inbox.reading import url
from tests.views.page import Answer, Page

pytestmark = pytest.mark.django_db


def typed(client: Client, text: str, room: Conversation) -> Answer:
    return client.post(url(room, "message_send"), {"content": text, "client_id": uuid4()})


def assert_refused(answer: Answer, why: str, text: str) -> None:
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert Page(answer).field_value() == text
    assert not Message.rows.exists()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("/msg@ada The key is here", "Did you mean /msg?"),
        ("/mgs: @ada The key is here", "Did you mean /msg?"),
        ("/me: waves", "Did you mean /me"),
        ("/tmp: full", "begin with // or with a space"),
        ("/poll " + "\u6f6e" * 300, "This is too long for a command."),
        ("/search " + "\u6f6e" * 300, "This is too long for a command."),
    ],
)
def test_they_are_refused(as_ben: Client, room: Conversation, text: str, why: str) -> None:
    assert_refused(typed(as_ben, text, room), why, text)


def test_the_refusals_way_out_sends_the_text(as_ben: Client, room: Conversation) -> None:
    typed(as_ben, "//tmp: full", room)
    assert Message.rows.get().content == "/tmp: full"


def test_an_address_that_is_not_too_long_has_all_of_it(as_ben: Client, room: Conversation) -> None:
    words = "\u6f6e" * 200
    answer = as_ben.get(typed(as_ben, f"/poll {words}", room)["Location"])
    assert Page(answer).field_value("question") == words


def test_all_of_the_people_are_added_or_none(as_ada: Client, room: Conversation) -> None:
    names = [UserFactory.create(username=f"guest{number}").username for number in range(MOST_PEOPLE + 1)]
    text = f"/invite {' '.join(names)}"
    assert_refused(typed(as_ada, text, room), "the limit is 20", text)
    assert room.memberships.count() == 2
    typed(as_ada, f"/invite {' '.join(names[:-1])}", room)
    assert room.memberships.count() == 2 + MOST_PEOPLE


def test_a_line_end_stands_between_the_person_and_the_text(
    as_ben: Client, ada: User, ben: User, room: Conversation
) -> None:
    typed(as_ben, "/msg @ada\nThe key\n\nis here", room)
    message = Message.rows.get()
    assert message.conversation == Conversation.objects.direct(ben, ada)
    assert message.content == "The key\n\nis here"


def test_the_comment_of_a_forwarded_message_is_no_command(
    as_ada: Client, ada: User, message: Message
) -> None:
    quay = RoomFactory.create(name="Quay", by=ada)
    address = reverse("message_forward", args=[message.pk])
    for text in ("/mgs @ben secret", "/topic Low water", "/msg@ben secret"):
        answer = as_ada.post(address, {"to": f"c{quay.pk}", "content": text})
        assert (answer.status_code, Page(answer).field_value()) == (422, text)
        assert "A comment cannot be a command." in answer.content.decode()
    assert not Message.rows.filter(conversation=quay).exists()
    for text, sent in (("//topic Low water", "/topic Low water"), ("/me waves", "*waves*"), ("", "http")):
        as_ada.post(address, {"to": f"c{quay.pk}", "content": text})
        assert Message.rows.latest("pk").content.startswith(sent)
