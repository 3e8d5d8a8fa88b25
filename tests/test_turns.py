"""On SQLite the writers of a process take turns, in the order in which they came."""

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError, connection, transaction

from messaging.models import Installation
from site_config.sqlite import base
from site_config.sqlite.turns import Turns
from tests.waiting import PATIENCE_SECONDS, until


@pytest.fixture
def turns() -> Iterator[Turns]:
    turns = Turns()
    yield turns
    assert turns.take(0), "A writer did not end its turn."


def test_writers_get_their_turn_in_order(turns: Turns) -> None:
    done: list[int] = []

    def write(number: int) -> None:
        assert turns.take(PATIENCE_SECONDS)
        done.append(number)
        turns.end()

    assert turns.take(0)
    writers = [threading.Thread(target=write, args=[number]) for number in range(20)]
    for number, writer in enumerate(writers, start=1):
        writer.start()
        until(lambda number=number: len(turns._waiting) == number)  # type: ignore[misc]
    turns.end()
    for writer in writers:
        writer.join()
    assert done == list(range(20))


def test_writer_that_waits_too_long_gets_an_error_and_blocks_nobody(turns: Turns) -> None:
    assert turns.take(0)
    assert not turns.take(0.01)
    turns.end()
    assert turns.take(0)
    turns.end()


@pytest.mark.django_db(transaction=True)
def test_a_writer_waits_for_the_other_and_then_writes() -> None:
    begun = threading.Event()
    order: list[str] = []

    def other() -> None:
        with transaction.atomic():
            Installation.objects.raise_people_version()
            begun.set()
            until(lambda: base.turns._waiting)
            order.append("other")
        connection.close()

    Installation.objects.current()
    writer = threading.Thread(target=other)
    writer.start()
    assert begun.wait(PATIENCE_SECONDS)
    with transaction.atomic():
        Installation.objects.raise_people_version()
        order.append("this")
    writer.join()
    assert order == ["other", "this"]
    assert Installation.objects.current().people_version == 2


def fail_after(act: Callable[[], object]) -> None:
    """Write, call `act`, and raise an exception in any case, inside one transaction."""
    with transaction.atomic():
        Installation.objects.raise_people_version()
        act()
        raise OperationalError


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_or_loses_its_connection_ends_its_turn() -> None:
    Installation.objects.current()
    with pytest.raises(ZeroDivisionError):
        fail_after(lambda: 1 // 0)
    with pytest.raises(OperationalError):
        fail_after(connection.close)
    written: list[int] = []

    def other() -> None:
        with transaction.atomic():
            Installation.objects.raise_people_version()
            written.append(Installation.objects.current().people_version)
        connection.close()

    writer = threading.Thread(target=other)
    writer.start()
    writer.join(PATIENCE_SECONDS)
    assert written == [1]
