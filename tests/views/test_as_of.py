"""A part of a page carries the versions that it was read at (`data-as-of`).

At whatever moment of a request something changes: a part with the version of the change shows the change.
Otherwise it could replace something newer in an open page (static/js/versions.js).
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.db.numbers import LARGEST_ID
from messaging.models.inbox.reminders import remind_again
from messaging.models.messages.saving import post
from tests.views.page import FRAGMENT, Page

Request = Callable[[Client, Message], Any]


def got(name: str, of: Callable[[Message], list[int]] = lambda root: []) -> Request:
    return lambda client, root: client.get(reverse(name, args=of(root)), headers=FRAGMENT)


def in_room(root: Message) -> list[int]:
    return [root.conversation_id]


REQUESTS: dict[str, Request] = {
    "sidebar": got("conversation_list"),
    "title": got("conversation_title", in_room),
    "new replies": got("conversation_unread_threads", in_room),
    "everything": got("conversation_fresh", in_room),
    "thread": got("thread", lambda root: [root.pk]),
    "list of a thread": got("thread_list", lambda root: [root.pk]),
    "inbox": got("inbox"),
    "saved messages": got("saved_list"),
    "your threads": lambda client, root: client.get(
        reverse("inbox"), {"show": "your-threads"}, headers=FRAGMENT
    ),
    "marking as read": lambda client, root: client.post(
        reverse("conversation_read", args=in_room(root)), {"until": root.seq}, headers=FRAGMENT
    ),
    "done": lambda client, root: client.post(
        reverse("inbox_done", args=in_room(root)), {"until": LARGEST_ID, "thread": root.pk}, headers=FRAGMENT
    ),
}


def fresh(root: Message) -> Message:
    return Message.objects.get(pk=root.pk)


def rename_ben(root: Message) -> None:
    ben = User.objects.get(username="ben")
    ben.display_name = "Benedict"
    ben.save()


def read_all(root: Message) -> None:
    Message.unread_messages.mark_as_read_for_user(User.objects.get(username="ada"))


CHANGES: dict[str, Callable[[Message], object]] = {
    "a reply": lambda root: post(root.conversation, User.objects.get(username="ben"), "New", fresh(root)),
    "reading elsewhere": read_all,
    "another name": rename_ben,
}


@pytest.fixture
def root(room: Conversation, ada: User, ben: User) -> Message:
    root = post(room, ada, "A root")
    post(room, ben, "A reply", fresh(root))
    post(room, ben, "Another, @ada", fresh(root))
    remind_again(ada, root)  # which saves it
    return root


class Before:
    """Makes a change before one of the queries of a request."""

    def __init__(self, query: int, change: Callable[[], object]) -> None:
        self._left, self._change = query, change
        self.is_done = False

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self._left -= 1
        if self._left == 0:
            self.is_done = True
            self._change()
        return execute(*args)


Part = tuple[list[int], str, dict[str, str]]


def parts_of(answer: Any) -> dict[str, Part]:
    """The parts of the answer by id: the versions, the text and the data of each."""
    found = {}
    for element in Page(answer).elements:
        data = {name: text for name, text in element.attributes.items() if name.startswith("data-")}
        if as_of := data.pop("data-as-of", ""):
            numbers = [int(one) for one in as_of.split(".")[1:] if one.isdigit()]  # and the language
            for name in ("data-version", "data-names"):
                data.pop(name, "")
            found[element.attributes["id"]] = (numbers, " ".join(element.text.split()), data)
    return found


def is_older(numbers: list[int], others: list[int]) -> bool:
    """The rule of static/js/versions.js."""
    *first, last = numbers
    *first_of_others, last_of_others = others
    if first == first_of_others:
        return last < last_of_others
    return any(number < other for number, other in zip(first, first_of_others, strict=True))


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", REQUESTS)
def test_what_is_not_older_than_a_change_shows_it(
    root: Message, ada: User, browser: Callable[..., Client], name: str, change: str
) -> None:
    ask, client = REQUESTS[name], browser(ada)
    query, is_done = 0, True
    while is_done:
        query += 1
        for alias in ("pages", "fragments"):
            caches[alias].clear()
        beginning = transaction.savepoint()
        before = Before(query, lambda: CHANGES[change](root))
        with connection.execute_wrapper(before):
            parts = parts_of(ask(client, root))
        is_done = before.is_done
        now = parts_of(ask(client, root))
        transaction.savepoint_rollback(beginning)
        root.refresh_from_db()
        assert parts
        for part, (numbers, text, data) in parts.items():
            if part in now and not is_older(numbers, now[part][0]):
                assert (text, data) == now[part][1:], f"{part}, with a change before query {query}"
    assert query > 3
