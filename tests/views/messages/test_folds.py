"""Which branches of a thread are folded when its page is loaded."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from tests.views.page import Page

pytestmark = pytest.mark.django_db


def chain(first: Message, sender: User, length: int) -> list[Message]:
    messages = [first]
    for number in range(length):
        messages.append(post(first.conversation, sender, f"Level {number + 1}", parent=messages[-1]))
    return messages


def marked(client: Client, root: Message, name: str = "thread", query: str = "") -> dict[str, list[int]]:
    """The ids of the rows that have each mark."""
    page = Page(client.get(reverse(name, args=[root.pk]) + query))
    return {
        mark: [int(row.attributes["id"].removeprefix("t-")) for row in page.all(mark)]
        for mark in ("folded", "in-fold")
    }


NONE: dict[str, list[int]] = {"folded": [], "in-fold": []}


def test_a_long_branch_at_the_third_level_is_folded_and_a_short_one_is_not(
    as_ada: Client, room: Conversation, message: Message, ada: User
) -> None:
    levels = chain(message, ada, 5)
    assert marked(as_ada, message) == NONE
    last = post(room, ada, "The third reply below", parent=levels[3])
    post(room, ada, "Beside it", parent=levels[2])
    inside = [levels[4].pk, levels[5].pk, last.pk]
    assert marked(as_ada, message) == {"folded": [levels[3].pk], "in-fold": inside}
    assert marked(as_ada, message, "thread_list") == NONE
    assert marked(as_ada, levels[1]) == NONE  # one level higher here


def test_what_is_new_or_linked_is_not_folded(as_ben: Client, message: Message, ada: User, ben: User) -> None:
    levels = chain(message, ada, 3)
    post(
        message.conversation, ben, "Mine", parent=levels[1]
    )  # so that he is notified of the thread's replies
    below = chain(levels[3], ada, 3)[1:]
    assert marked(as_ben, message) == NONE
    Message.unread_messages.mark_as_read_for_user(ben)
    assert marked(as_ben, message)["folded"] == [levels[3].pk]
    for linked in below:
        assert marked(as_ben, message, query=f"?at={linked.pk}") == NONE
    assert marked(as_ben, message, query=f"?at={levels[3].pk}")["folded"] == [levels[3].pk]
