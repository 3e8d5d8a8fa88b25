"""Changes by other processes arrive through Redis or by polling."""

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
from tests.live import other_process
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
    """A server that has subscribed to this Redis."""
    with served() as address:
        yield address


POST = """
room = Conversation.objects.get(pk={room})
post(room, User.objects.get(pk={user}), "from elsewhere {number}")
"""


def post_elsewhere(room: Conversation, user: User, redis_url: str = "", number: int = 0) -> None:
    other_process.run(POST.format(room=room.pk, user=user.pk, number=number), redis_url)


def wait_for_subscriber(address: str) -> None:
    """Wait until the server has subscribed to Redis."""
    with Client.from_url(address) as client:
        until(lambda: client.pubsub_numsub(wakeups.channel())[0][1])


@pytest.fixture
def no_polling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Disables polling, so that changes can only arrive through Redis."""
    monkeypatch.setattr(hub, "TICK_SECONDS", 3600)


@pytest.mark.backends
def test_changes_of_another_process_arrive_by_polling(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    stream = listen(ben, room)
    post_elsewhere(room, ada)
    stream.wait_for_text("from elsewhere")


@pytest.mark.backends
def test_changes_of_another_process_arrive_through_redis(
    room: Conversation,
    ada: User,
    ben: User,
    redis: Redis,
    with_redis: str,
    listen: Listen,
    no_polling: None,
) -> None:
    stream = listen(ben, room, at=with_redis)
    wait_for_subscriber(redis[0])
    post_elsewhere(room, ada, redis[0])
    stream.wait_for_text("from elsewhere")


@pytest.mark.backends
def test_redis_may_stop_and_come_back(
    room: Conversation, ada: User, ben: User, redis: Redis, with_redis: str, listen: Listen
) -> None:
    """Nothing is lost meanwhile, nobody is signed out, and rights are as strict as before."""
    address, stop = redis
    streams = [listen(user, room, at=with_redis) for user in (ada, ben)]
    stop()
    post(room, ada, "stopped, from here")
    streams[1].wait_for_text("stopped, from here")
    post_elsewhere(room, ada, address, 1)
    streams[1].wait_for_text("from elsewhere 1")
    leave(room, ben)
    post_elsewhere(room, ada, address, 2)
    streams[0].wait_for_text("from elsewhere 2")
    assert streams[1].to_the_end()[-1].name == "removed"
    assert b"from elsewhere 2" not in streams[1].raw


def test_after_a_restart_of_redis_changes_arrive_through_it_again(
    room: Conversation,
    ada: User,
    ben: User,
    settings: object,
    transactional_db: None,
    listen: Listen,
    no_polling: None,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings.REDIS_URL = f"redis://127.0.0.1:{port}/0"  # type: ignore[attr-defined]
    wakeups._publisher.cache_clear()
    with served() as server:
        stream = listen(ben, room, at=server)
        for number in range(2):
            with servers.redis(port):
                wait_for_subscriber(settings.REDIS_URL)  # type: ignore[attr-defined]
                post_elsewhere(room, ada, settings.REDIS_URL, number)  # type: ignore[attr-defined]
                stream.wait_for_text(f"from elsewhere {number}")
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
def test_invalid_messages_in_redis_do_no_harm(
    message: bytes,
    room: Conversation,
    ada: User,
    ben: User,
    redis: Redis,
    with_redis: str,
    listen: Listen,
    no_polling: None,
) -> None:
    stream = listen(ben, room, at=with_redis)
    wait_for_subscriber(redis[0])
    with Client.from_url(redis[0]) as client:
        client.publish(wakeups.channel(), message)
    post_elsewhere(room, ada, redis[0])
    stream.wait_for_text("from elsewhere")
