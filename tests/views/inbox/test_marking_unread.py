"""Marking a conversation or a thread as unread from a message on."""

import pytest
from django.test import Client

from messaging.models import Conversation, Message, Notification, User
from messaging.models.messages.saving import post
from tests.views.inbox.reading import badge, url, waiting
from tests.views.page import FRAGMENT, Page

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.mark.parametrize("kind", ["root", "reply"])
def test_mark_unread_from_here_works_in_a_conversation_and_in_a_thread(
    as_ben: Client, room: Conversation, ada: User, ben: User, kind: str
) -> None:
    root = post(room, ben, "mine")
    post(room, ada, "before", parent=root)
    here = post(room, ada, "here", parent=root if kind == "reply" else None)
    post(room, ada, "in the thread", parent=root)
    post(room, ada, "in the timeline")
    Message.unread_messages.mark_as_read_for_user(ben)
    assert as_ben.post(url(here, "message_unread")).status_code == 302
    expected = ["here", "in the thread", "in the timeline"]
    assert waiting(ben) == (expected if kind == "root" else expected[:2])


def test_marking_unread_returns_the_first_message_that_is_not_reported_again(
    as_ben: Client, room: Conversation, message: Message, ben: User
) -> None:
    Message.unread_messages.mark_as_read_for_user(ben)
    page = Page(as_ben.post(url(message, "message_unread"), headers=FRAGMENT))
    state = next(one for one in page.elements if one.attributes.get("id") == "unread-state")
    assert state.attributes["data-held"] == state.attributes["data-first-unread"] == str(message.seq)
    assert badge(page, room.pk) == "1"


def test_marking_unread_is_offered_only_for_messages_with_a_notification(
    as_ada: Client, as_ben: Client, message: Message
) -> None:
    assert "Mark as unread" in Page(as_ben.get(url(message, "message_menu"))).html
    assert "Mark as unread" not in Page(as_ada.get(url(message, "message_menu"))).html


@pytest.mark.parametrize("kind", ["root", "reply"])
def test_ones_own_last_message_marks_the_message_before_it_as_unread(
    as_ben: Client, room: Conversation, ada: User, ben: User, kind: str
) -> None:
    root = post(room, ada, "root")
    reply = post(room, ada, "reply", parent=post(room, ben, "his", parent=root))
    direct = Message.objects.create(sender=ada, receiver=ben, content="elsewhere")
    parent, before = (reply, reply) if kind == "reply" else (None, root)
    own = [post(room, ben, text, parent=parent) for text in ("one", "two")][-1]
    Message.unread_messages.mark_as_read_for_user(ben)
    assert "Mark as unread" in Page(as_ben.get(url(own, "message_menu"))).html
    page = Page(as_ben.post(url(own, "message_unread"), headers=FRAGMENT))
    assert waiting(ben) == [before.content]
    name = "unread-state" if kind == "root" else "new-replies"
    state = next(one for one in page.elements if one.attributes.get("id") == name)
    assert state.attributes["data-held"] == str(before.seq)
    assert Notification.objects.get(message=direct, user=ben).is_read


def test_ones_own_message_before_others_marks_only_those_after_it(
    as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    post(room, ada, "before")
    own = post(room, ben, "own")
    post(room, ada, "after")
    Message.unread_messages.mark_as_read_for_user(ben)
    as_ben.post(url(own, "message_unread"))
    assert waiting(ben) == ["after"]
