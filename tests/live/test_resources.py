"""Open streams need a few database connections together, and no read transaction and no thread."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from messaging.live.db_threads import THREADS
from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.factories import UserFactory
from tests.live.conftest import Listen, cookie_of
from tests.live.serving import served
from tests.live.stream_client import StreamClient
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

STREAMS = 100
MEGABYTE = 2**20


@pytest.fixture
def server(transactional_db: None) -> Iterator[str]:
    """A server for this test alone, so that only its own database connections and threads are counted."""
    with served() as address:
        yield address


@pytest.fixture
def many(room: Conversation, server: str) -> Iterator[list[StreamClient]]:
    """A hundred open streams of 25 people."""
    streams = []
    for person in UserFactory.create_batch(STREAMS // 4):
        add(room, person)
        cookie = cookie_of(person)
        streams += [StreamClient(server, f"/live/?conversation={room.pk}", Cookie=cookie) for _ in range(4)]
    yield streams
    for stream in streams:
        stream.close()


@pytest.fixture
def most_connections(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many connections to the database were open at once, after each that was opened, without the test's.

    PostgreSQL's own list would not do: a process of it is there for a moment after its client has gone.
    """
    ours, opened, numbers = connections["default"], set[int](), [0]
    connect, close = BaseDatabaseWrapper.connect, BaseDatabaseWrapper.close

    def connect_and_count(wrapper: BaseDatabaseWrapper) -> None:
        connect(wrapper)
        if wrapper is not ours:
            opened.add(id(wrapper))
            numbers.append(len(opened))

    def close_and_forget(wrapper: BaseDatabaseWrapper) -> None:
        close(wrapper)
        opened.discard(id(wrapper))

    monkeypatch.setattr(BaseDatabaseWrapper, "connect", connect_and_count)
    monkeypatch.setattr(BaseDatabaseWrapper, "close", close_and_forget)
    return numbers


@pytest.mark.backends
def test_a_hundred_streams_hold_no_connections_and_no_threads_of_their_own(
    most_connections: list[int], room: Conversation, ada: User, many: list[StreamClient]
) -> None:
    threads = threading.active_count()
    for number in range(20):
        post(room, ada, f"message {number}")
        many[number].wait_for_text(f"message {number}")
    for stream in many:
        stream.wait_for_text("message 19")
    assert 1 <= max(most_connections) <= THREADS + 1  # one notes who looks at a page (live/looking.py)
    assert threading.active_count() <= threads


def test_the_write_ahead_log_of_sqlite_stays_small_while_streams_are_open(
    room: Conversation, ada: User, many: list[StreamClient]
) -> None:
    log = Path(f"{connection.settings_dict['NAME']}-wal")
    for number in range(150):
        post(room, ada, f"{number} " + "words " * 1500)
        if number % 25 == 0:
            for stream in many:
                stream.read_available()
    assert log.stat().st_size < 8 * MEGABYTE


@pytest.mark.backends
def test_without_streams_the_database_is_not_polled(
    room: Conversation,
    ada: User,
    ben: User,
    stranger: User,
    listen: Listen,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from messaging.live import hub

    asked = []
    read_versions = hub.read_versions

    def spy(*arguments: object) -> object:
        asked.append(arguments)
        return read_versions(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(hub, "read_versions", spy)
    monkeypatch.setattr(hub, "TICK_SECONDS", 0.1)
    stream = listen(ben, room)
    stream.until(lambda: len(asked) > 2)
    stream.close()
    until(lambda: not any(one.connections for one in hub.Hub.by_loop.values()))
    assert not any(one._tasks for one in hub.Hub.by_loop.values())
    asked.clear()
    post(room, ada, "to nobody")
    for _ in range(3):  # each refusal comes after the wake-up was handled, in the same two threads
        assert listen(stranger, room).status == 404
    assert asked == []


@pytest.mark.backends
def test_a_check_takes_the_same_queries_for_eleven_streams_as_for_one(
    room: Conversation, ben: User, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.test.utils import CaptureQueriesContext

    from messaging.live import hub

    counts: list[int] = []
    read_versions = hub.read_versions

    def spy(*arguments: object) -> object:
        with CaptureQueriesContext(connection) as queries:
            found = read_versions(*arguments)  # type: ignore[arg-type]
        counts.append(len(queries))
        return found

    monkeypatch.setattr(hub, "TICK_SECONDS", 0.2)
    listen(ben, room)
    monkeypatch.setattr(hub, "read_versions", spy)

    def checks() -> list[int]:
        """The number of queries of each regular check. A wake-up takes fewer."""
        return [count for count in counts if count >= 3]

    until(lambda: len(checks()) > 3)
    alone = set(checks())
    for person in UserFactory.create_batch(10):
        add(room, person)
        listen(person, room)
    counts.clear()
    until(lambda: len(checks()) > 3)
    assert max(alone) == max(counts) == 3
