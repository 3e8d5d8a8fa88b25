"""How much one batch reads and deletes, whatever there is."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.models import Conversation, Message, User
from messaging.models.messages.rows import MessageRows
from messaging.models.messages.saving import post
from messaging.models.retention.batches import delete_batch
from messaging.models.retention.expired import own_rules
from messaging.models.retention.run import run_for
from messaging.models.site.retention import RoomRules, Rule
from tests.models.retention.conftest import aged, rule_of_room, rule_of_site

pytestmark = pytest.mark.django_db
LONG = 60.0


@pytest.fixture
def rows_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each locking query and each walk through threads has read."""
    read: list[int] = []
    lock, sweep = MessageRows.lock, MessageRows.sweep

    def counted_lock(rows: MessageRows) -> list[int]:
        ids = lock(rows)
        read.append(len(ids))
        return ids

    def counted_sweep(rows: MessageRows, roots: list[int], *args: Any) -> None:
        read.append(Message.rows.filter(pk__in=roots).threads().count())
        sweep(rows, roots, *args)

    monkeypatch.setattr(MessageRows, "lock", counted_lock)
    monkeypatch.setattr(MessageRows, "sweep", counted_sweep)
    return read


@pytest.mark.usefixtures("kept_for_30_days")
def test_a_batch_of_a_long_thread_does_not_read_all_of_it(
    room: Conversation, ada: User, rows_read: list[int]
) -> None:
    root = aged(post(room, ada, "root"), 50)
    for number in range(30):
        aged(post(room, ada, f"reply {number}", parent=root), 40 if number < 20 else 4)
    for expected in (28, 25, 22, 19):  # the first batch leaves a placeholder for the root
        rows_read.clear()
        assert delete_batch(room.pk, 3)
        assert max(rows_read) <= 4
        assert Message.rows.count() == expected + 1
    run_for(LONG)
    assert Message.rows.count() == 11
    assert Message.rows.get(pk=root.pk).is_expired


@pytest.mark.usefixtures("kept_for_30_days")
def test_a_long_chain_is_deleted_in_batches(room: Conversation, ada: User) -> None:
    above = None
    for number in range(10):
        above = aged(post(room, ada, str(number), parent=above), 100 - number)
    counts = [Message.rows.count()]
    while delete_batch(room.pk, 4) is not None:
        counts.append(Message.rows.count())
    # Three batches make placeholders of all and delete the end of it, and then those above it go.
    assert counts == [10, 10, 10, 8, 4, 0]


@pytest.mark.usefixtures("kept_for_30_days")
def test_branches_of_a_thread_go_with_the_last_of_them(room: Conversation, ada: User) -> None:
    root = aged(post(room, ada, "root"), 90)
    branches = [aged(post(room, ada, f"branch {one}", parent=root), 80 - one) for one in range(3)]
    for branch in branches:
        aged(post(room, ada, "leaf", parent=branch), 50)
    young = aged(post(room, ada, "young", parent=branches[0]), 5)
    run_for(LONG)
    assert set(Message.rows.values_list("pk", flat=True)) == {root.pk, branches[0].pk, young.pk}
    aged(young, 31)
    run_for(LONG)
    assert not Message.rows.exists()


def test_a_run_reads_the_rules_of_rooms_once(ada: User) -> None:
    rule_of_site(Rule(30, rooms=RoomRules.ANY))
    for number in range(4):
        made = Conversation.objects.create_room(f"room {number}", ada)
        rule_of_room(made, Rule(20 + number))
        aged(post(made, ada, "old"), 40)
    with CaptureQueriesContext(connection) as queries:
        run_for(LONG)
    assert not Message.rows.exists()
    of_all = [one for one in queries if '"retention" IS NOT NULL' in one["sql"]]
    assert len(of_all) == 1


def test_rooms_with_rules_are_found_by_an_index(db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        own_rules()
    (sql,) = [one["sql"] for one in queries]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"{'EXPLAIN QUERY PLAN' if connection.vendor == 'sqlite' else 'EXPLAIN'} {sql}")
        assert "own_retention" in str(cursor.fetchall())
