"""Trees: their order, their shape, and that neither size nor depth is too much."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.models import Conversation, Message, ThreadedMessage, User
from messaging.models.messages.saving import post
from messaging.models.messages.thread_summaries import thread_summaries
from messaging.models.messages.threads import Node, tree_order
from messaging.models.rooms.members import add
from tests.factories import UserFactory
from tests.models.growing import grow

MANY, DEEP = 10_000, 1_000
# Random trees: the index of each message's parent, which is always an earlier message.
forests = st.lists(st.integers(0, 10**6), max_size=60).map(
    lambda numbers: [number % (index + 1) for index, number in enumerate(numbers)]
)


def recursive_order(links: list[tuple[int, int | None]], top: int, depth: int = 0) -> list[Node]:
    """The same order by simple recursion, which fails for deep threads."""
    below = [
        node
        for pk, parent in links
        if parent == top and pk != top
        for node in recursive_order(links, pk, depth + 1)
    ]
    return [Node(top, depth, len(below)), *below]


@given(parents=forests, data=st.data())
def test_the_order_of_a_tree_is_that_of_the_simple_recursion(parents: list[int], data: st.DataObject) -> None:
    links: list[tuple[int, int | None]] = [(0, None), *((pk, parent) for pk, parent in enumerate(parents, 1))]
    top = data.draw(st.integers(0, len(parents)))
    assert tree_order(links, top) == recursive_order(links, top)


def test_a_thread_of_10000_replies_is_read_in_order(ada: User, room: Conversation) -> None:
    chance = random.Random(7)
    parents = [None, *(chance.randrange(number) for number in range(1, MANY + 1))]
    ids = grow(room, ada, parents)
    links = [(ids[number], None if parent is None else ids[parent]) for number, parent in enumerate(parents)]
    expected = order_by_paths(links)
    thread = ThreadedMessage.get_message_thread(ids[0])
    assert [(message.pk, message.depth) for message in thread] == expected
    outline = ThreadedMessage.outline(thread[0])
    assert [(node.pk, node.depth) for node in outline] == expected
    assert outline[0].below == MANY
    assert sum(len(message.answers) for message in thread) == MANY


def order_by_paths(links: list[tuple[int, int | None]]) -> list[tuple[int, int]]:
    """The same as `recursive_order` by sorting paths: a path is the ids from the root down."""
    paths: dict[int | None, tuple[int, ...]] = {None: ()}
    for pk, parent in links:
        paths[pk] = (*paths[parent], pk)
    return [(path[-1], len(path) - 1) for path in sorted(path for path in paths.values() if path)]


def test_a_thread_1000_deep_is_read_without_recursion(ada: User, room: Conversation) -> None:
    ids = grow(room, ada, [None, *range(DEEP)])
    thread = ThreadedMessage.get_message_thread(ids[0])
    assert [(message.pk, message.depth) for message in thread] == list(zip(ids, range(DEEP + 1), strict=True))
    half = thread[DEEP // 2]
    found = ThreadedMessage.outline(thread[0])[DEEP // 2]
    assert found == Node(half.pk, DEEP // 2, DEEP // 2, version=half.version)
    deepest = post(room, ada, "deeper still", parent=thread[-1])
    assert (deepest.depth, deepest.thread_root_id) == (DEEP + 1, ids[0])
    middle = ThreadedMessage.get_message_thread(ids[DEEP // 2])
    assert [message.pk for message in middle] == [*ids[DEEP // 2 :], deepest.pk]
    assert middle[0].depth == DEEP // 2


def test_a_direct_conversation_of_10000_replies_is_read_completely(ada: User, ben: User) -> None:
    ids = grow(Conversation.objects.direct(ada, ben), ada, [None, *([0] * (MANY // 2)), *range(MANY // 2)])
    [root] = ThreadedMessage.get_threaded_conversation(ben, ada)
    assert root.pk == ids[0]
    found, waiting = [], [root]
    while waiting:
        message = waiting.pop()
        found.append(message.pk)
        waiting += message.answers
    assert sorted(found) == ids


def test_a_removed_message_keeps_its_place_in_the_tree(ada: User, ben: User, room: Conversation) -> None:
    root = post(room, ada, "root")
    first = post(room, ben, "first", parent=root)
    below = post(room, ada, "below", parent=first)
    second = post(room, ben, "second", parent=root)
    first.remove()
    thread = ThreadedMessage.get_message_thread(root.pk)
    assert [message.pk for message in thread] == [root.pk, first.pk, below.pk, second.pk]
    assert [message.is_removed for message in thread] == [False, True, False, False]


def test_a_summary_counts_the_replies_and_names_the_latest_authors(
    ada: User, ben: User, cleo: User, room: Conversation
) -> None:
    dan = UserFactory.create(username="dan")
    add(room, dan)
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    root, other, quiet = (post(room, ada, text) for text in ("root", "other", "quiet"))
    last = root
    for minute, sender in enumerate([ada, ben, ada, cleo, dan, ben]):
        last = post(room, sender, "reply", parent=last, timestamp=noon + timedelta(minutes=minute))
    post(room, cleo, "reply", parent=other, timestamp=noon)
    summaries = thread_summaries([root.pk, other.pk, quiet.pk])
    assert set(summaries) == {root.pk, other.pk}
    assert (summaries[root.pk].count, summaries[other.pk].count) == (6, 1)
    assert summaries[root.pk].last_at == noon + timedelta(minutes=5)
    assert [author.name for author in summaries[root.pk].authors] == ["Ben", "Dan", "Cleo"]


@pytest.mark.parametrize("act", ["remove", "delete"])
def test_a_summary_does_not_count_tombstones(ada: User, ben: User, room: Conversation, act: str) -> None:
    root = post(room, ada, "root")
    gone = post(room, ben, "gone", parent=root)
    post(room, ada, "stays", parent=gone)
    getattr(gone, act)()
    summary = thread_summaries([root.pk])[root.pk]
    assert (summary.count, [author.username for author in summary.authors]) == (1, ["ada"])
    assert Message.rows.filter(thread_root=root).count() == 2
