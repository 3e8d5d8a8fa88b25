"""Somebody whose membership ends while they write gets a 404 that keeps their text and reveals nothing."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from tests.views.page import FRAGMENT, Answer, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
TEXT = "Three </textarea><b>lines</b>\nthat took\nan hour"
Act = Callable[[], Answer]


@pytest.fixture(params=["send", "reply", "edit"])
def act(request: pytest.FixtureRequest, as_ben: Client, message: Message, ben: User) -> Act:
    """Submits Ben's text: as a message, a reply or an edit."""
    room = message.conversation
    place = {
        "send": reverse("message_send", args=[room.pk]),
        "reply": reverse("message_reply", args=[message.pk]),
        "edit": reverse("message_edit", args=[post(room, ben, "Mine").pk]),
    }[request.param]
    fields = {"content": TEXT, "client_id": uuid.uuid4(), "revision": 0}
    return lambda: as_ben.post(place, fields, headers=FRAGMENT)


def assert_only_the_text_is_left(answer: Answer, before: list[str]) -> None:
    page = Page(answer)
    assert answer.status_code == 404
    assert [element.text for element in page.elements if element.tag == "textarea"] == [TEXT]
    assert "Harbour" not in page.html
    assert "Land ho" not in page.html
    assert texts() == before


def texts() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("content", flat=True))


def test_membership_ends_before_the_text_is_sent(act: Act, room: Conversation, ben: User) -> None:
    before = texts()
    leave(room, ben)
    assert_only_the_text_is_left(act(), before)


def delete(message: Message) -> None:
    message.delete()


@pytest.mark.parametrize("end", [Message.remove, delete], ids=["removed", "deleted"])
def test_the_edited_message_ends_before_the_text_is_sent(
    as_ben: Client, room: Conversation, ben: User, end: Callable[[Message], None]
) -> None:
    mine = post(room, ben, "Mine")
    end(mine)
    answer = as_ben.post(reverse("message_edit", args=[mine.pk]), {"content": TEXT, "revision": 0})
    assert_only_the_text_is_left(answer, texts())
    assert "or the message that you edited or replied to was deleted" in Page(answer).html


def test_membership_ends_between_check_and_lock(
    act: Act, room: Conversation, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = texts()
    writing = Conversation.writing

    def removed_first(self: Conversation, *args: Any, **options: Any) -> Any:
        monkeypatch.setattr(Conversation, "writing", writing)
        leave(room, ben)
        return writing(self, *args, **options)

    monkeypatch.setattr(Conversation, "writing", removed_first)
    assert_only_the_text_is_left(act(), before)


def test_the_conversation_is_deleted_between_check_and_lock(
    act: Act, room: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing = Conversation.writing

    def erased_first(self: Conversation, *args: Any, **options: Any) -> Any:
        monkeypatch.setattr(Conversation, "writing", writing)
        Message.objects.all().delete()
        Conversation.objects.filter(pk=room.pk).delete()
        return writing(self, *args, **options)

    monkeypatch.setattr(Conversation, "writing", erased_first)
    assert_only_the_text_is_left(act(), [])


def test_membership_ends_before_a_message_is_removed(
    as_ben: Client, room: Conversation, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = post(room, ben, "Mine")
    remove = Message.remove

    def removed_first(self: Message, **options: Any) -> Any:
        leave(room, ben)
        return remove(self, **options)

    monkeypatch.setattr(Message, "remove", removed_first)
    assert as_ben.post(reverse("message_remove", args=[message.pk])).status_code == 404
    assert texts() == ["Mine"]


@pytest.mark.parametrize("name", ["message_send", "message_reply"])
def test_signed_out_meanwhile_the_text_is_kept_too(
    client: Client, room: Conversation, message: Message, name: str
) -> None:
    pk = room.pk if name == "message_send" else message.pk
    answer = client.post(reverse(name, args=[pk]), {"content": TEXT})
    page = Page(answer)
    assert answer.status_code == 401
    assert [element.text for element in page.elements if element.tag == "textarea"] == [TEXT]
    assert "Harbour" not in page.html
    assert texts() == ["Land ho"]


def test_a_get_of_an_unknown_conversation_is_a_plain_404(as_ben: Client) -> None:
    page = Page(as_ben.get("/conversations/4711/"))
    assert "Page not found" in page.html
    assert not [element for element in page.elements if element.tag == "textarea"]
