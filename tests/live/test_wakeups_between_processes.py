"""Wake-ups of other processes, by Redis or by the tick."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from redis import Redis as Client

from messaging.live import hub, wakeups
from messaging.models import Conversation, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave
from tests import servers
from tests.live import elsewhere
from tests.live.conftest import Listen
from tests.live.serving import served
from tests.waiting import until

Redis = tuple[str, Callable[[], None]]
pytestmark = pytest.mark.django_db(transaction=True)


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
