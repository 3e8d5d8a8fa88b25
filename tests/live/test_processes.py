"""Several server processes on one database: what happens in one shows in the others."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave
from tests import servers
from tests.factories import UserFactory
from tests.live import other_process
from tests.live.conftest import Listen, cookie_of
from tests.live.stream_client import StreamClient
from tests.live.test_presence import online
from tests.live.test_rights import ENDINGS
from tests.served.test_redis_stopped import stopped

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]

Pair = tuple[str, str]


@pytest.fixture
def without_redis(transactional_db: None) -> Iterator[Pair]:
    with (
        other_process.environment() as variables,
        other_process.server_process(variables) as one,
        other_process.server_process(variables) as two,
    ):
        yield one, two


@pytest.fixture
def with_redis(transactional_db: None) -> Iterator[Pair]:
    with ExitStack() as stack:
        variables = stack.enter_context(other_process.environment(stack.enter_context(servers.redis())))
        yield (
            stack.enter_context(other_process.server_process(variables)),
            stack.enter_context(other_process.server_process(variables)),
        )


def test_with_redis_presence_and_typing_are_streamed_between_processes(
    with_redis: Pair, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    one, two = with_redis
    hers, his = listen(ada, room, at=one), listen(ben, room, at=two)
    both = {ada.pk, ben.pk}
    for stream in (hers, his):
        stream.until(lambda stream=stream: online(stream) == both)  # type: ignore[misc]
    type_at(one, ada, room)
    assert his.next_event("typing").json["people"] == [ada.pk]
    hers.close()
    his.until(lambda: online(his) == {ben.pk})


def type_at(server: str, user: User, room: Conversation) -> None:
    token = "a" * 32
    stream = StreamClient(
        server,
        f"/conversations/{room.pk}/typing/",
        "POST",
        Cookie=f"{cookie_of(user)}; parley_csrf={token}",
        X_CSRFToken=token,
        Content_Length="0",
    )
    assert stream.status == 204
    stream.close()


def test_without_redis_polling_delivers_all_changes_between_processes(
    without_redis: Pair, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    streams = [listen(ben, room, at=server) for server in without_redis]
    message = post(room, ada, "found by polling")
    for stream in streams:
        stream.wait_for_text("found by polling")
        stream.wait_for_text('"unread":1')
    Message.unread_messages.mark_as_read_for_user(ben)
    message.edit("changed meanwhile")
    for stream in streams:
        stream.wait_for_text("changed meanwhile")
        stream.wait_for_text('"unread":0')
    leave(room, ben)
    post(room, ada, "canary")
    for stream in streams:
        assert stream.to_the_end()[-1].name == "removed"
        assert b"canary" not in stream.raw


def test_with_redis_stopped_ended_streams_get_nothing_more(
    transactional_db: None, room: Conversation, ada: User, listen: Listen
) -> None:
    people = {how: UserFactory.create() for how in ENDINGS}
    for person in people.values():
        add(room, person)
    with ExitStack() as stack:
        address, stop = stack.enter_context(stopped())
        variables = stack.enter_context(other_process.environment(address))
        both = [stack.enter_context(other_process.server_process(variables)) for _ in range(2)]
        streams = {how: [listen(person, room, at=one) for one in both] for how, person in people.items()}
        stop()
        post(room, ada, "before")
        for stream in [stream for pair in streams.values() for stream in pair]:
            stream.wait_for_text("before")
        for how, (end, _) in ENDINGS.items():
            end(people[how], room)
        post(room, ada, "canary")
        for how, pair in streams.items():
            for stream in pair:
                assert stream.to_the_end()[-1].name in ENDINGS[how][1]
                assert b"canary" not in stream.raw


def test_reconnecting_to_another_process_misses_nothing(
    without_redis: Pair, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    one, two = without_redis
    stream = listen(ben, room, at=one)
    post(room, ada, "seen in the first")
    stream.wait_for_text("seen in the first")
    stream.close()
    post(room, ada, "missed by both")
    again = listen(ben, room, at=two, Last_Event_ID=stream.cursor)
    assert ["missed by both" in swap.data for swap in again.swaps()] == [True]
    assert b"seen in the first" not in again.raw
