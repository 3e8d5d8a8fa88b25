"""Whatever is in a cache key is read before what is shown under it: a rename at any moment shows at once."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from tests.factories import RoomFactory, UserFactory

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def ada() -> User:
    return UserFactory.create(username="ada", display_name="Name 0")


@pytest.fixture
def ben() -> User:
    return UserFactory.create(username="ben")


@pytest.fixture
def room(ada: User, ben: User) -> Conversation:
    return RoomFactory.create(by=ada, members=[ben])


@pytest.fixture
def root(room: Conversation, ada: User) -> Message:
    root = post(room, ada, "A root")
    post(room, ada, "A reply", root)
    return root


class RenamedBefore:
    """Renames Ada before one of the queries of a request."""

    def __init__(self, query: int, name: str) -> None:
        self._left, self._name = query, name
        self.is_done = False

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self._left -= 1
        if self._left == 0:
            self.is_done = True
            ada = User.objects.get(username="ada")
            ada.display_name = self._name
            ada.save()
        return execute(*args)


def new(**more: object) -> dict[str, object]:
    return {"content": "New", "client_id": uuid4(), **more}


REQUESTS: dict[str, Callable[[Client, Message], Any]] = {
    "page": lambda client, root: client.get(reverse("conversation", args=[root.conversation_id])),
    "list": lambda client, root: client.get(
        reverse("message_list", args=[root.conversation_id]), headers=HTMX
    ),
    "thread": lambda client, root: client.get(reverse("thread", args=[root.pk]), headers=HTMX),
    "thread list": lambda client, root: client.get(reverse("thread_list", args=[root.pk]), headers=HTMX),
    "send": lambda client, root: client.post(
        reverse("message_send", args=[root.conversation_id]), new(), headers=HTMX
    ),
    "reply": lambda client, root: client.post(reverse("message_reply", args=[root.pk]), new(), headers=HTMX),
    "edit": lambda client, root: client.post(
        reverse("message_edit", args=[root.pk]),
        new(revision=root.history.count()),
        headers=HTMX,
    ),
}


@pytest.mark.parametrize(
    ("name", "reader"),
    [*((name, "ada") for name in REQUESTS), ("page", "ben"), ("list", "ben"), ("thread", "ben")],
)
def test_no_cache_keeps_a_name_from_before_a_rename(root: Message, name: str, reader: str) -> None:
    ada, ben = (User.objects.get(username=username) for username in ("ada", "ben"))
    Conversation.objects.direct(ada, ben)
    client, later = Client(), Client()
    client.force_login(ada if reader == "ada" else ben)
    later.force_login(ben)
    query, is_done = 0, True
    while is_done:
        query += 1
        renamed = RenamedBefore(query, f"Name {query}")
        with connection.execute_wrapper(renamed):
            assert REQUESTS[name](client, root).status_code == 200
        is_done = renamed.is_done
        current = User.objects.get(pk=ada.pk).display_name
        for again in ("page", "list", "thread", "thread list"):
            page = REQUESTS[again](later, root)
            found = set(re.findall(r"Name \d+", page.content.decode()))
            assert found == {current}, f"{again}, after a rename before query {query}"
    assert query > 2
