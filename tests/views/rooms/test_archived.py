"""The pages of an archived room offer no way to write; after unarchiving they do again."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.rooms.settings import archive, unarchive
from tests.views.page import FRAGMENT, Page

pytestmark = pytest.mark.django_db


def marks(page: Page) -> int:
    """The number of elements with `data-archived`, which the stylesheet uses."""
    return sum("data-archived" in element.attributes for element in page.elements)


def offers(client: Client, message: Message) -> Iterator[tuple[str, bool]]:
    """Each way of writing, and whether it is offered."""
    reply, edit = (reverse(f"message_{name}", args=[message.pk]) for name in ("reply", "edit"))
    menu = Page(client.get(reverse("message_menu", args=[message.pk]), headers=FRAGMENT))
    history = Page(client.get(reverse("message_history", args=[message.pk])))
    yield "reply in the menu", reply in menu.links
    yield "edit in the menu", edit in menu.links
    yield "an earlier text", f"{edit}?restore=1" in history.links
    for form in (reply, edit):
        for headers in ({}, FRAGMENT):
            shown = Page(client.get(form, headers=headers))
            is_there = any(element.tag == "textarea" for element in shown.elements)
            assert is_there is not ("This room is archived" in shown.html)
            yield form, is_there
    for name, pk in (
        ("conversation", message.conversation_id),
        ("conversation_title", message.conversation_id),
    ):
        yield name, not marks(Page(client.get(reverse(name, args=[pk]))))
    yield "thread", not marks(Page(client.get(reverse("thread", args=[message.pk]))))


def test_no_way_to_write_is_offered_while_a_room_is_archived(
    as_ada: Client, room: Conversation, message: Message, ada: User
) -> None:
    message.edit("Land in sight")
    assert {is_offered for _, is_offered in offers(as_ada, message)} == {True}
    archive(room, ada)
    assert {is_offered for _, is_offered in offers(as_ada, message)} == {False}
    # In the panel the thread has no mark of its own, because the timeline beside it has one.
    assert not marks(Page(as_ada.get(reverse("thread", args=[message.pk]), headers=FRAGMENT)))
    unarchive(room, ada)
    assert {is_offered for _, is_offered in offers(as_ada, message)} == {True}
