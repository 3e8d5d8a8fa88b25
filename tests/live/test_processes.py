"""Several server processes on one database: what happens in one shows in the others."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave
from tests import servers
from tests.factories import UserFactory
from tests.live import elsewhere
from tests.live.conftest import Listen, cookie_of
from tests.live.ears import Ear
from tests.live.test_presence import online
from tests.live.test_rights import ENDINGS
from tests.served.test_redis_stopped import stopped

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]

Pair = tuple[str, str]


@pytest.fixture
def without_redis(transactional_db: None) -> Iterator[Pair]:
    with (
        elsewhere.environment() as variables,
        elsewhere.a_server(variables) as one,
        elsewhere.a_server(variables) as two,
    ):
        yield one, two


@pytest.fixture
def with_redis(transactional_db: None) -> Iterator[Pair]:
    with ExitStack() as stack:
        variables = stack.enter_context(elsewhere.environment(stack.enter_context(servers.redis())))
        yield (
            stack.enter_context(elsewhere.a_server(variables)),
            stack.enter_context(elsewhere.a_server(variables)),
        )


def test_with_redis_everything_shows_at_once(
    with_redis: Pair, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    one, two = with_redis
    hers, his = listen(ada, room, at=one), listen(ben, room, at=two)
    both = {ada.pk, ben.pk}
    for ear in (hers, his):
        ear.until(lambda ear=ear: online(ear) == both)  # type: ignore[misc]
    type_at(one, ada, room)
    assert his.heard("typing").json["people"] == [ada.pk]
    hers.close()
    his.until(lambda: online(his) == {ben.pk})


def type_at(server: str, user: User, room: Conversation) -> None:
    token = "a" * 32
    ear = Ear(
        server,
        f"/conversations/{room.pk}/typing/",
        "POST",
        Cookie=f"{cookie_of(user)}; parley_csrf={token}",
        X_CSRFToken=token,
        Content_Length="0",
    )
    assert ear.status == 204
    ear.close()


def test_without_redis_the_tick_carries_all_that_matters(
    without_redis: Pair, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    ears = [listen(ben, room, at=server) for server in without_redis]
    message = post(room, ada, "told by the tick")
    for ear in ears:
        ear.says("told by the tick")
        ear.says('"unread":1')
    Message.unread_messages.mark_as_read_for_user(ben)
    message.edit("changed meanwhile")
    for ear in ears:
        ear.says("changed meanwhile")
        ear.says('"unread":0')
    leave(room, ben)
    post(room, ada, "canary")
    for ear in ears:
        assert ear.to_the_end()[-1].name == "removed"
        assert b"canary" not in ear.raw


def test_with_redis_stopped_ended_streams_get_nothing_more(
    transactional_db: None, room: Conversation, ada: User, listen: Listen
) -> None:
    people = {how: UserFactory.create() for how in ENDINGS}
    for person in people.values():
        add(room, person)
    with ExitStack() as stack:
        address, stop = stack.enter_context(stopped())
        variables = stack.enter_context(elsewhere.environment(address))
        both = [stack.enter_context(elsewhere.a_server(variables)) for _ in range(2)]
        ears = {how: [listen(person, room, at=one) for one in both] for how, person in people.items()}
        stop()
        post(room, ada, "before")
        for ear in [ear for pair in ears.values() for ear in pair]:
            ear.says("before")
        for how, (end, _) in ENDINGS.items():
            end(people[how], room)
        post(room, ada, "canary")
        for how, pair in ears.items():
            for ear in pair:
                assert ear.to_the_end()[-1].name in ENDINGS[how][1]
                assert b"canary" not in ear.raw


def test_reconnecting_to_another_process_misses_nothing(
    without_redis: Pair, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    one, two = without_redis
    ear = listen(ben, room, at=one)
    post(room, ada, "seen in the first")
    ear.says("seen in the first")
    ear.close()
    post(room, ada, "missed by both")
    again = listen(ben, room, at=two, Last_Event_ID=ear.cursor)
    assert ["missed by both" in swap.data for swap in again.swaps()] == [True]
    assert b"seen in the first" not in again.raw
