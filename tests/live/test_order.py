"""Several people write at once: every reader gets each message once, in the same order, without a gap."""

import re
import threading
from collections.abc import Callable

import pytest
from django.db import connection

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.factories import UserFactory
from tests.live.conftest import Listen, cursor_at
from tests.live.stream_client import StreamClient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]

WRITERS = 6
EACH = 12


def write(room: Conversation, user: User, start: threading.Barrier) -> None:
    start.wait()
    room = Conversation.objects.get(pk=room.pk)
    for number in range(EACH):
        message = post(room, user, f"{user.username} {number}")
        if number % 4 == 0:
            message.edit(f"{user.username} {number}, edited")
    connection.close()


@pytest.fixture
def writing(room: Conversation) -> Callable[[], list[threading.Thread]]:
    """Starts everybody at the same moment."""

    def writing() -> list[threading.Thread]:
        people = UserFactory.create_batch(WRITERS)
        for person in people:
            add(room, person)
        start = threading.Barrier(WRITERS)
        threads = [threading.Thread(target=write, args=(room, one, start)) for one in people]
        for thread in threads:
            thread.start()
        return threads

    return writing


class Page:
    """Applies swaps as htmx does: rows by id, added once, changed in place."""

    def __init__(self) -> None:
        self.rows: dict[int, tuple[int, str]] = {}
        self.added: list[int] = []
        self.cursors: list[int] = []

    def apply(self, stream: StreamClient, until: str) -> None:
        done = 0
        while not self.cursors or f"{until}" != str(self.cursors[-1]):
            if len(stream.swaps()) == done:
                stream.next_event("")
            swap = stream.swaps()[done]
            done += 1
            self.cursors.append(int((swap.cursor or "").split(".")[2]))
            for pk, seq, html in re.findall(
                r'id="m-(\d+)" data-seq="(\d+)">(.*?)</div></div>', swap.data, re.S
            ):
                if int(pk) not in self.rows:
                    self.added.append(int(seq))
                self.rows[int(pk)] = (int(seq), text_in(html))
            for pk, html in re.findall(
                r'hx-target="#m-(\d+) > .message"[^>]*>(.*?)</hx-partial>', swap.data, re.S
            ):
                self.rows[int(pk)] = (self.rows[int(pk)][0], text_in(html))


def text_in(html: str) -> str:
    found = re.search(r'dir="auto"><p>(.*?)</p>', html)
    assert found, html
    return found[1]


def stored(room: Conversation) -> dict[int, tuple[int, str]]:
    rows = Message.objects.filter(conversation=room).values_list("pk", "seq", "content")
    return {pk: (seq, content) for pk, seq, content in rows}


def version_of(room: Conversation) -> str:
    return cursor_at(room).split(".")[2]


def test_each_message_arrives_once_and_in_order(
    room: Conversation, ada: User, ben: User, listen: Listen, writing: Callable[[], list[threading.Thread]]
) -> None:
    cursor = cursor_at(room)
    streams = [listen(ada, room, cursor=cursor), listen(ben, room, cursor=cursor)]
    for thread in writing():
        thread.join()
    pages = [Page(), Page()]
    for page, stream in zip(pages, streams, strict=True):
        page.apply(stream, version_of(room))
        assert page.rows == stored(room)
        assert page.added == sorted(page.added)
        assert len(page.added) == WRITERS * EACH
        assert page.cursors == sorted(set(page.cursors))
    assert [stream.cursor for stream in streams] == [cursor_at(room)] * 2


def test_reconnecting_while_others_write_misses_nothing(
    room: Conversation, ben: User, listen: Listen, writing: Callable[[], list[threading.Thread]]
) -> None:
    """The connection is lost at any moment. The page reconnects with the cursor of what it has applied."""
    page, cursor = Page(), cursor_at(room)
    threads = writing()
    while any(thread.is_alive() for thread in threads) or cursor != cursor_at(room):
        stream = listen(ben, room, cursor=cursor)
        stream.read_available()
        if stream.swaps():
            page.apply(stream, stream.cursor.split(".")[2])
            cursor = stream.cursor
        stream.close()
    assert page.rows == stored(room)
    assert sorted(page.added) == sorted(seq for seq, _ in page.rows.values())
    assert page.added == sorted(page.added)
