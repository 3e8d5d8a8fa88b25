"""The header and the composer stay where they are: only parts of a page scroll, never the page itself.

With 27 rooms in the sidebar: test_accessibility.py, which opens the same pages.
"""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from e2e.page_height import faults_of, join_rooms
from e2e.pages import paths
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post


@pytest.fixture
def message(room: Conversation, ada: User, ben: User) -> Message:
    """A message that was edited and answered, in a room of more messages than fit on the screen."""
    User.objects.filter(pk=ada.pk).update(role=User.Role.OWNER)
    message = post(room, ada, "High water at nine")
    message.edit("High water at ten", by=ada)
    for number in range(20):
        post(room, ben, f"Answer {number}", parent=message)
        post(room, ben, f"Wave {number}")
    return message


def test_no_page_is_taller_than_its_window(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, message: Message
) -> None:
    join_rooms(ada, 499)
    page = open_page(ada)
    page.route("**/live/*", lambda route: route.abort())
    reply = message.replies.latest("seq")
    permalinks = [reverse("message", args=[one.pk]) for one in (message, reply)]
    faults: dict[str, list[str]] = {}
    for path in [*paths(room, ben, message).values(), *permalinks]:
        page.goto(path, wait_until="domcontentloaded")
        faults[path] = faults_of(page)
    assert {path: found for path, found in faults.items() if found} == {}
