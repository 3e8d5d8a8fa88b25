"""Successive messages of one author, which are shown under one name: which rows of a list are marked."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.messages.timeline import PAGE_SIZE
from tests.views.growing import fill
from tests.views.page import Page

pytestmark = pytest.mark.django_db
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def post_at(room: Conversation, sender: User, at: timedelta) -> Message:
    """A message of so long after noon."""
    message = post(room, sender, f"Sent at {at}")
    Message.rows.filter(pk=message.pk).update(timestamp=NOON + at)
    return Message.objects.get(pk=message.pk)


def runs(client: Client, room: Conversation, query: str = "", name: str = "conversation") -> list[bool]:
    """Of each row whether it continues a run."""
    page = Page(client.get(reverse(name, args=[room.pk]) + query))
    return ["run" in row.classes for row in page.all("row") if "id" in row.attributes]


@pytest.mark.parametrize("name", ["conversation", "message_list"])
@pytest.mark.parametrize(
    ("first", "second", "continues"),
    [
        (0 * SECOND, 0 * SECOND, True),
        (0 * SECOND, 299 * SECOND, True),
        (0 * SECOND, 299.9995 * SECOND, True),
        (0 * SECOND, 300 * SECOND, False),
        (299 * SECOND, 599 * SECOND, False),
        (599 * SECOND, 600 * SECOND, False),
        (-1 * SECOND, 0 * SECOND, False),
        (600 * SECOND, 898 * SECOND, True),
    ],
)
def test_a_message_soon_after_another_of_its_author_continues_a_run(
    as_ben: Client,
    room: Conversation,
    ada: User,
    first: timedelta,
    second: timedelta,
    continues: bool,
    name: str,
) -> None:
    post_at(room, ada, first)
    post_at(room, ada, second)
    assert runs(as_ben, room, name=name) == [False, continues]


def test_somebody_else_or_a_removed_message_ends_a_run_and_a_reply_does_not(
    as_ben: Client, room: Conversation, ada: User, ben: User
) -> None:
    messages = [post_at(room, ada, place * SECOND) for place in range(5)]
    post(room, ben, "A reply", parent=messages[0])
    assert runs(as_ben, room) == [False, True, True, True, True]
    messages[1].edit("Edited", by=ada)
    assert runs(as_ben, room) == [False, True, True, True, True]
    post(room, ben, "A reply", parent=messages[3])
    messages[3].remove(by=ada)
    assert runs(as_ben, room) == [False, True, True, False, False]
    post_at(room, ben, 5 * SECOND)
    post_at(room, ada, 6 * SECOND)
    post_at(room, ada, 7 * SECOND)
    assert runs(as_ben, room)[5:] == [False, False, True]


@pytest.mark.parametrize("page", ["newest", "before", "after", "around"])
def test_the_first_row_of_a_page_continues_the_run_of_the_page_before(
    as_ben: Client, room: Conversation, ada: User, page: str
) -> None:
    fill(room, ada, 3 * PAGE_SIZE)
    Message.rows.update(timestamp=NOON)
    seqs = list(Message.rows.order_by("seq").values_list("seq", flat=True))
    middle = seqs[PAGE_SIZE + PAGE_SIZE // 2]
    query = "" if page == "newest" else f"?{page}={middle}"
    assert runs(as_ben, room, query) == [True] * PAGE_SIZE
    assert runs(as_ben, room, f"?before={seqs[2]}") == [False, True]


def test_messages_after_a_deleted_one_are_shown_too(as_ben: Client, room: Conversation, ada: User) -> None:
    messages = [post_at(room, ada, place * SECOND) for place in range(4)]
    Message.objects.filter(pk=messages[1].pk).delete()
    for after in messages[:2]:
        assert runs(as_ben, room, f"?after={after.seq}") == [True, True]
