"""Three server processes behind nginx, as `deploy/` has it: streams, sending, and a process that goes."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from messaging.models import Conversation, User
from messaging.models.rooms.members import add, leave
from tests import nginx, servers
from tests.factories import UserFactory
from tests.live import elsewhere
from tests.live.conftest import Listen, cookie_of
from tests.live.ears import Ear
from tests.live.test_opening import policy_of
from tests.security.test_content_policy import POLICY
from tests.waiting import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends, pytest.mark.postgresql]

PROCESSES = 3
TOKEN = "n" * 32


class House:
    """What runs: the address of all, and a stack for each process, which ends it."""

    def __init__(self, address: str, processes: list[ExitStack]) -> None:
        self.address = address
        self.processes = processes


@pytest.fixture
def house(transactional_db: None, tmp_path: Path) -> Iterator[House]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with ExitStack() as stack:
        variables = stack.enter_context(elsewhere.environment(stack.enter_context(servers.redis())))
        processes = [stack.enter_context(ExitStack()) for _ in range(PROCESSES)]
        addresses = [process.enter_context(elsewhere.a_server(variables)) for process in processes]
        ports = [int(address.rpartition(":")[2]) for address in addresses]
        stack.enter_context(nginx.in_front_of(ports, port, tmp_path))
        yield House(f"http://127.0.0.1:{port}", processes)


def send(house: House, user: User, room: Conversation, text: str) -> None:
    """As the composer's form does."""
    body = f"content={text.replace(' ', '+')}&csrfmiddlewaretoken={TOKEN}"
    form = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    cookie = f"{cookie_of(user)}; parley_csrf={TOKEN}"
    ear = Ear(house.address, f"/conversations/{room.pk}/send/", "POST", body, Cookie=cookie, **form)
    assert ear.status == 302
    ear.close()


def test_everyone_is_reached_in_every_process(
    house: House, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    people = [ada, ben, *UserFactory.create_batch(4)]
    for person in people[2:]:
        add(room, person)
    ears = [listen(person, room, at=house.address) for person in people]
    assert [policy_of(ear) for ear in ears] == [POLICY] * len(ears)
    send(house, ada, room, "to every process")
    for ear in ears:
        ear.says("to every process")
    leave(room, ben)
    send(house, ada, room, "canary")
    for ear in (ears[0], *ears[2:]):
        ear.says("canary")
    assert ears[1].to_the_end()[-1].name == "removed"
    assert b"canary" not in ears[1].raw


def test_a_process_may_go_and_nothing_is_missed(
    house: House, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    ears = [listen(ben, room, at=house.address) for _ in range(PROCESSES)]
    send(house, ada, room, "before")
    for ear in ears:
        ear.says("before")
    for process in house.processes[:2]:
        process.close()

    def ended() -> list[Ear]:
        for ear in ears:
            ear.take()
        return [ear for ear in ears if ear.is_over]

    until(lambda: len(ended()) >= 2)
    send(house, ada, room, "meanwhile")
    assert len(ended()) == 2
    for ear in ended():
        again = listen(ben, room, at=house.address, Last_Event_ID=ear.cursor)
        assert ["meanwhile" in swap.data for swap in again.swaps()] == [True]
