"""Wakeups say that something moved: on commit, once, to every process there is, and they never fail."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from django.db import transaction
from redis import Redis as Client

from messaging.live import hub, wakeups
from messaging.live.wakeups import Wakeup
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave
from tests import servers
from tests.live import elsewhere
from tests.live.conftest import Listen, cookie_of
from tests.live.serving import served
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

Poked = list[Wakeup]


@pytest.fixture
def woken_by() -> Iterator[Poked]:
    """What this process was told."""
    heard: Poked = []
    wakeups.listeners.add(heard.append)
    yield heard
    wakeups.listeners.discard(heard.append)


def test_a_write_pokes_its_conversation_and_nobody_in_it(
    room: Conversation, ada: User, woken_by: Poked
) -> None:
    woken_by.clear()
    message = post(room, ada, "said")
    message.edit("said otherwise")
    message.remove()
    assert woken_by == [Wakeup(frozenset([room.pk]))] * 3


def test_nothing_is_said_before_the_commit_nor_after_a_rollback(
    room: Conversation, ada: User, woken_by: Poked
) -> None:
    woken_by.clear()
    with transaction.atomic():
        post(room, ada, "one")
        assert woken_by == []
    assert len(woken_by) == 1
    with transaction.atomic():
        post(room, ada, "two")
        transaction.set_rollback(True)
    assert len(woken_by) == 1


def people_in(woken_by: Poked) -> set[int]:
    return {user_id for poke in woken_by for user_id in poke.people}


def test_what_concerns_a_person_pokes_them(
    room: Conversation, ada: User, ben: User, stranger: User, woken_by: Poked
) -> None:
    post(room, ada, "for ben")
    woken_by.clear()
    Message.unread_messages.mark_as_read_for_user(ben)
    assert people_in(woken_by) == {ben.pk}
    woken_by.clear()
    add(room, stranger)
    assert people_in(woken_by) == {stranger.pk}
    woken_by.clear()
    leave(room, stranger)
    assert people_in(woken_by) == {stranger.pk}


CHANGES: dict[str, Callable[[User], object]] = {
    "another name": lambda ada: setattr(ada, "display_name", "Countess"),
    "another password": lambda ada: ada.set_password("seven white swans"),
    "deactivated": lambda ada: setattr(ada, "is_active", False),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_concerns_everybody_pokes_the_installation(
    change: Callable[[User], object], ada: User, woken_by: Poked
) -> None:
    change(ada)
    ada.save()
    assert [poke for poke in woken_by if poke.installation]
    woken_by.clear()
    ada.save()
    assert woken_by == []


def test_a_session_that_ends_does_too_but_not_one_that_nobody_has(
    ada: User, room: Conversation, woken_by: Poked
) -> None:
    from django.contrib.sessions.backends.db import SessionStore

    from messaging.auth.session_store import SessionStore as OurStore

    assert issubclass(OurStore, SessionStore)
    anonymous = OurStore()
    anonymous["cart"] = 1
    anonymous.save()
    cookie_of(ada)
    woken_by.clear()
    anonymous.flush()
    assert woken_by == []
    ada.sessions.all().delete()
    assert [poke.installation for poke in woken_by] == [True]


@pytest.mark.parametrize("address", ["redis://127.0.0.1:{port}/0", "unix:///nowhere/socket", "redis://[::1"])
def test_without_redis_at_its_address_nothing_is_raised(
    address: str,
    room: Conversation,
    ada: User,
    settings: object,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A port that takes connections and never answers is the worst of them: it is waited for once."""
    monkeypatch.setattr(wakeups, "time", SimpleNamespace(monotonic=lambda: 1.0))  # all in the same moment
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = address.format(port=deaf.getsockname()[1])
        settings.REDIS_URL = url  # type: ignore[attr-defined]
        wakeups._publisher.cache_clear()
        for number in range(5):
            post(room, ada, f"message {number}")
    wakeups._publisher.cache_clear()
    assert "Redis could not be told" in caplog.messages[0]
    assert len(caplog.messages) == 1


Redis = tuple[str, Callable[[], None]]


@pytest.fixture
def redis(settings: object) -> Iterator[Redis]:
    """A Redis of this test alone: its address, and how to stop it."""
    running = ExitStack()
    address = running.enter_context(servers.redis())
    settings.REDIS_URL = address  # type: ignore[attr-defined]
    wakeups._publisher.cache_clear()
    yield address, running.close
    running.close()
    wakeups._publisher.cache_clear()


@pytest.fixture
def with_redis(redis: Redis, transactional_db: None) -> Iterator[str]:
    """A server that listens to it."""
    with served() as address:
        yield address


POST = """
room = Conversation.objects.get(pk={room})
post(room, User.objects.get(pk={user}), "from elsewhere {number}")
"""


def post_elsewhere(room: Conversation, user: User, redis_url: str = "", number: int = 0) -> None:
    elsewhere.run(POST.format(room=room.pk, user=user.pk, number=number), redis_url)


def until_heard(address: str) -> None:
    """Wait until somebody has subscribed."""
    with Client.from_url(address) as client:
        until(lambda: client.pubsub_numsub(wakeups.channel())[0][1])


@pytest.fixture
def no_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes, comes by Redis."""
    monkeypatch.setattr(hub, "TICK_SECONDS", 3600)


@pytest.mark.backends
def test_another_process_is_heard_by_the_tick(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    ear = listen(ben, room)
    post_elsewhere(room, ada)
    ear.says("from elsewhere")


@pytest.mark.backends
def test_another_process_is_heard_at_once_by_redis(
    room: Conversation,
    ada: User,
    ben: User,
    redis: Redis,
    with_redis: str,
    listen: Listen,
    no_ticks: None,
) -> None:
    ear = listen(ben, room, at=with_redis)
    until_heard(redis[0])
    post_elsewhere(room, ada, redis[0])
    ear.says("from elsewhere")


@pytest.mark.backends
def test_redis_may_stop_and_come_back(
    room: Conversation, ada: User, ben: User, redis: Redis, with_redis: str, listen: Listen
) -> None:
    """Nothing is lost meanwhile, nobody is signed out, and rights are as strict as before."""
    address, stop = redis
    ears = [listen(user, room, at=with_redis) for user in (ada, ben)]
    stop()
    post(room, ada, "stopped, from here")
    ears[1].says("stopped, from here")
    post_elsewhere(room, ada, address, 1)
    ears[1].says("from elsewhere 1")
    leave(room, ben)
    post_elsewhere(room, ada, address, 2)
    ears[0].says("from elsewhere 2")
    assert ears[1].to_the_end()[-1].name == "removed"
    assert b"from elsewhere 2" not in ears[1].raw


def test_after_a_restart_of_redis_it_is_heard_again(
    room: Conversation,
    ada: User,
    ben: User,
    settings: object,
    transactional_db: None,
    listen: Listen,
    no_ticks: None,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings.REDIS_URL = f"redis://127.0.0.1:{port}/0"  # type: ignore[attr-defined]
    wakeups._publisher.cache_clear()
    with served() as server:
        ear = listen(ben, room, at=server)
        for number in range(2):
            with servers.redis(port):
                until_heard(settings.REDIS_URL)  # type: ignore[attr-defined]
                post_elsewhere(room, ada, settings.REDIS_URL, number)  # type: ignore[attr-defined]
                ear.says(f"from elsewhere {number}")
    wakeups._publisher.cache_clear()


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"from": "x", "kind": "wakeup", "content": {}}',
        b'{"from": "x", "kind": "wakeup", "content": {"conversations": ["y"], "people": []}}',
        b'{"from": "x", "kind": "online", "content": 7}',
    ],
)
def test_what_somebody_else_writes_into_redis_does_no_harm(
    message: bytes,
    room: Conversation,
    ada: User,
    ben: User,
    redis: Redis,
    with_redis: str,
    listen: Listen,
    no_ticks: None,
) -> None:
    ear = listen(ben, room, at=with_redis)
    until_heard(redis[0])
    with Client.from_url(redis[0]) as client:
        client.publish(wakeups.channel(), message)
    post_elsewhere(room, ada, redis[0])
    ear.says("from elsewhere")
