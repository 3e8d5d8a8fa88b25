"""The line above the first unread message, which the page of one reader adds to the list that all share."""

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.messages.timeline import PAGE_SIZE
from tests.views.growing import write_roots
from tests.views.page import FRAGMENT, Page

pytestmark = pytest.mark.django_db


def below_line(client: Client, room: Conversation, query: str = "", name: str = "conversation") -> list[str]:
    """The id of the row below each such line."""
    headers = FRAGMENT if name == "conversation_fresh" else {}
    page = Page(client.get(reverse(name, args=[room.pk]) + query, headers=headers))
    rows = [row for row in page.all("row") if "id" in row.attributes]
    return [
        next(row.attributes["id"] for row in rows if row.first >= line.first) for line in page.all("new-line")
    ]


def test_it_is_above_the_first_unread_message_and_in_no_shared_list(
    as_ada: Client, as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    read = write_roots(room, ada, 2)
    Message.unread_messages.mark_as_read_for_user(ben)
    mine = post(room, ben, "Mine")
    post(room, ada, "A reply", parent=read[0])
    first = post(room, ada, f'<div class="row run" id="m-{read[0].pk}" is what I typed')
    post(room, ada, "And this continues a run")
    for name in ("conversation", "conversation_fresh"):
        assert below_line(as_ben, room, name=name) == [f"m-{first.pk}"]
        assert below_line(as_ada, room, name=name) == [f"m-{mine.pk}"]
    assert below_line(as_ben, room, name="message_list") == []
    Message.unread_messages.mark_as_read_for_user(ada)
    assert below_line(as_ada, room) == []
    first.remove(by=ada)
    assert below_line(as_ben, room) == [f"m-{first.pk + 1}"]


def test_it_is_missing_where_the_first_unread_message_is_on_another_page(
    as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    first = write_roots(room, ada, 5)[0]
    own = [post(room, ben, f"Mine {number}") for number in range(PAGE_SIZE)]
    write_roots(room, ada, 2)
    assert below_line(as_ben, room) == []
    assert below_line(as_ben, room, f"?before={own[0].seq}") == [f"m-{first.pk}"]
    assert below_line(as_ben, room, f"?around={first.seq}") == [f"m-{first.pk}"]
