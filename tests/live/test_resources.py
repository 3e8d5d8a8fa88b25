"""What open streams hold: two database connections for all of them, no read transaction, no thread."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.factories import UserFactory
from tests.live.conftest import Listen, cookie_of
from tests.live.ears import Ear
from tests.live.serving import served
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

STREAMS = 100
MEGABYTE = 2**20


@pytest.fixture
def server(transactional_db: None) -> Iterator[str]:
    """One that keeps its connections, as an installation does."""
    with served() as address:
        yield address


@pytest.fixture
def many(room: Conversation, server: str) -> Iterator[list[Ear]]:
    """A hundred open streams of 25 people."""
    ears = []
    for person in UserFactory.create_batch(STREAMS // 4):
        add(room, person)
        cookie = cookie_of(person)
        ears += [Ear(server, f"/live/?conversation={room.pk}", Cookie=cookie) for _ in range(4)]
    yield ears
    for ear in ears:
        ear.close()


def open_connections() -> int:
    """How many are open to the database, our own left out."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            return int(cursor.fetchone()[0]) - 1
    name = str(connection.settings_dict["NAME"])
    ours = 1
    return sum(_target(fd) == name for fd in os.listdir("/proc/self/fd")) - ours


def _target(fd: str) -> str:
    """What a descriptor leads to; nothing when it was closed since it was listed, as that of the list is."""
    try:
        return os.readlink(f"/proc/self/fd/{fd}")
    except FileNotFoundError:
        return ""


@pytest.mark.backends
def test_a_hundred_streams_hold_two_connections_and_no_threads(
    room: Conversation, ada: User, many: list[Ear]
) -> None:
    threads = threading.active_count()
    most = 0
    for number in range(20):
        post(room, ada, f"message {number}")
        most = max(most, open_connections())
        many[number].says(f"message {number}")
        most = max(most, open_connections())
    for ear in many:
        ear.says("message 19")
    assert most <= 2
    assert threading.active_count() <= threads


def test_the_log_of_sqlite_is_recycled_while_streams_are_open(
    room: Conversation, ada: User, many: list[Ear]
) -> None:
    log = Path(f"{connection.settings_dict['NAME']}-wal")
    for number in range(150):
        post(room, ada, f"{number} " + "words " * 1500)
        if number % 25 == 0:
            for ear in many:
                ear.take()
    assert log.stat().st_size < 8 * MEGABYTE


@pytest.mark.backends
def test_when_nobody_listens_nothing_is_asked(
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
    ear = listen(ben, room)
    ear.until(lambda: len(asked) > 2)
    ear.close()
    until(lambda: not any(one.connections for one in hub.Hub._hubs.values()))
    assert not any(one._tasks for one in hub.Hub._hubs.values())
    asked.clear()
    post(room, ada, "to nobody")
    for _ in range(3):  # refused after what was posted was told to the server, through the same two threads
        assert listen(stranger, room).status == 404
    assert asked == []


@pytest.mark.backends
def test_a_tick_asks_as_much_for_a_hundred_streams_as_for_one(
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

    def ticks() -> list[int]:
        """How many queries each tick took; a wake-up takes fewer."""
        return [count for count in counts if count >= 3]

    until(lambda: len(ticks()) > 3)
    alone = set(ticks())
    for person in UserFactory.create_batch(10):
        add(room, person)
        listen(person, room)
    counts.clear()
    until(lambda: len(ticks()) > 3)
    assert max(alone) == max(counts) == 3
