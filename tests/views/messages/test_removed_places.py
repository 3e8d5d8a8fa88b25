"""What is shown in the place of a removed message: nothing, or a thin line where somebody answered it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messaging.models import Conversation, Message, ThreadedMessage, User
from messaging.models.messages.saving import post
from messaging.models.messages.threads import Node, shown_below
from tests.views.page import FRAGMENT, Page

pytestmark = pytest.mark.django_db


def timeline(client: Client, room: Conversation, **query: int) -> Page:
    return Page(client.get(reverse("message_list", args=[room.pk]), query, headers=FRAGMENT))


def gone(page: Page) -> list[int]:
    """The ids of the messages of which nothing is shown."""
    rows = [one for one in page.all("row") if "gone" in one.classes]
    rows += [one.inside[-1] for one in page.all("message") if "gone" in one.classes]
    return [int(row.attributes["id"][2:]) for row in rows]


def threads(client: Client, root: Message) -> Page:
    return Page(client.get(reverse("thread", args=[root.pk]), headers=FRAGMENT))


def test_a_removed_root_is_shown_only_while_it_has_an_answer(
    as_ada: Client, room: Conversation, ada: User, ben: User
) -> None:
    root = post(room, ada, "Land ho")
    answer = post(room, ben, "Where?", parent=root)
    below = post(room, ada, "There", parent=answer)
    root.remove(by=ada)
    assert gone(timeline(as_ada, room)) == []
    answer.remove(by=ben)
    assert gone(timeline(as_ada, room)) == []
    below.remove(by=ada)
    assert gone(timeline(as_ada, room)) == [root.pk]


def test_a_reason_is_shown_in_the_place_of_a_message(
    as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    root = post(room, ben, "Spam")
    root.remove(by=ada, reason="Advertising")
    page = timeline(as_ben, room)
    assert gone(page) == []
    assert "Removed by a moderator: Advertising" in page.html


def test_in_a_thread_only_replies_with_something_below_them_are_shown(
    as_ada: Client, room: Conversation, ada: User, ben: User
) -> None:
    root = post(room, ada, "Land ho")
    first = post(room, ben, "Where?", parent=root)
    second = post(room, ada, "There", parent=first)
    third = post(room, ben, "I see", parent=second)
    alone = post(room, ben, "Me too", parent=root)
    for message in (first, second, alone):
        message.remove()
    page = threads(as_ada, root)
    assert gone(page) == [alone.pk]
    assert [row.attributes.get("data-below") for row in page.all("row")] == ["1", "1", "1", None, None]
    third.remove()
    assert gone(threads(as_ada, root)) == [first.pk, second.pk, third.pk, alone.pk]
    root.remove()
    assert root.pk not in gone(threads(as_ada, root))  # the page of a thread begins with it


def test_a_reason_in_a_thread_keeps_what_it_is_below(
    as_ada: Client, room: Conversation, ada: User, ben: User
) -> None:
    root = post(room, ada, "Land ho")
    first = post(room, ben, "Where?", parent=root)
    second = post(room, ben, "Spam", parent=first)
    second.remove(by=ada, reason="Advertising")
    first.remove(by=ben)
    assert gone(threads(as_ada, root)) == []


def test_nothing_is_shown_between_two_messages_of_a_run_or_a_day(
    as_ada: Client, room: Conversation, ada: User, ben: User
) -> None:
    messages = [post(room, author, text) for author, text in ((ada, "1"), (ben, "2"), (ada, "3"), (ben, "4"))]
    sent = timezone.now().replace(hour=12, minute=1) - timedelta(days=3)
    for day, message in zip((0, 1, 0, 0), messages, strict=True):
        Message.rows.filter(pk=message.pk).update(timestamp=sent + timedelta(days=day))
    messages[1].remove(by=ben)
    page = timeline(as_ada, room)
    assert gone(page) == [messages[1].pk]
    assert len(page.all("day")) == 1
    assert ["run" in row.classes for row in page.all("row")] == [False, True, True, False]


def test_a_page_of_the_list_continues_the_run_before_what_is_not_shown(
    as_ada: Client, room: Conversation, ada: User
) -> None:
    messages = [post(room, ada, f"Wave {number}") for number in range(43)]
    sent = timezone.now().replace(minute=1)
    Message.rows.update(timestamp=sent)
    page = timeline(as_ada, room)
    assert page.all("row")[0].attributes["id"] == f"m-{messages[3].pk}"
    assert "run" in page.all("row")[0].classes
    messages[2].remove(by=ada)
    assert "run" in timeline(as_ada, room).all("row")[0].classes
    post(room, ada, "A reply", parent=messages[1])
    messages[1].remove(by=ada)
    assert "run" not in timeline(as_ada, room).all("row")[0].classes


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ([(0, False)], [0]),
        ([(0, False), (1, True)], [0, 0]),
        ([(0, True), (1, True), (2, True), (3, False)], [1, 1, 1, 0]),
        ([(0, False), (1, False), (2, True), (1, True), (2, False), (2, False)], [3, 0, 0, 2, 0, 0]),
        ([(0, False), (1, False), (2, False), (3, False), (1, False)], [4, 2, 1, 0, 0]),
    ],
)
def test_what_is_shown_below_each_message_is_counted(
    nodes: list[tuple[int, bool]], expected: list[int]
) -> None:
    outline = [Node(pk, depth, 0, removed) for pk, (depth, removed) in enumerate(nodes)]
    assert [shown_below(outline)[pk] for pk in range(len(nodes))] == expected


def test_a_thousand_levels_are_counted(room: Conversation, ada: User) -> None:
    nodes = [Node(depth, depth, 0, bool(depth % 2)) for depth in range(1000)]
    assert shown_below(nodes)[0] == 499
    assert ThreadedMessage.outline(post(room, ada, "Alone"))[0].has_reason is False
