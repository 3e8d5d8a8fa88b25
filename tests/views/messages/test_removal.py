"""Removing a message: confirmed, done once, and gone for everybody."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, MessageHistory, Notification, User
from messaging.models.messages.saving import post
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def address(message: Message) -> str:
    return reverse("message_remove", args=[message.pk])


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
def test_removal_asks_for_confirmation_and_a_get_removes_nothing(
    as_ada: Client, message: Message, headers: dict[str, str]
) -> None:
    page = Page(as_ada.get(address(message), headers=headers))
    assert page.is_whole == (not headers)
    assert "Remove this message for everyone?" in page.html
    assert page.all("excerpt")[0].text == "Land ho"
    assert not Message.objects.get().is_removed


@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "htmx"])
def test_a_removed_message_leaves_an_empty_tombstone(
    as_ada: Client, as_ben: Client, message: Message, headers: dict[str, str]
) -> None:
    message.edit("Land, ho")
    answer = as_ada.post(address(message), headers=headers)
    if headers:
        assert (answer.status_code, answer["HX-Trigger"]) == (200, f"thread-{message.pk}")
        assert {one.attributes["hx-target"] for one in Page(answer).elements if one.tag == "hx-partial"} == {
            f"#m-{message.pk} > .message",
            f"#t-{message.pk} > .message",
        }
        assert "Message removed" in Page(answer).html
    else:
        assert (answer.status_code, answer["Location"]) == (302, f"/messages/{message.pk}/")
    assert Message.objects.get().is_removed
    assert not MessageHistory.objects.exists()
    assert not Notification.objects.exists()
    page = Page(as_ben.get(reverse("message", args=[message.pk]), follow=True))
    assert page.words() == []
    assert "Message removed" in page.html
    assert "Land" not in page.html


def test_removal_of_a_removed_message_is_not_offered(as_ada: Client, message: Message, ada: User) -> None:
    message.remove(by=ada)
    assert as_ada.get(address(message)).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_removes_what_another_wrote(as_ben: Client, message: Message, method: str) -> None:
    assert getattr(as_ben, method)(address(message)).status_code == 404
    assert not Message.objects.get().is_removed


def test_replies_to_a_removed_message_stay(
    as_ada: Client, message: Message, room: Conversation, ben: User
) -> None:
    post(room, ben, "Where?", parent=message)
    as_ada.post(address(message))
    page = Page(as_ada.get(reverse("thread", args=[message.pk])))
    assert page.words() == ["Where?"]
    assert "Message removed" in page.html
