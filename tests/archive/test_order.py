"""The order of a room's messages: by time, each reply after its parent, whatever the order of the lines."""

import uuid
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from messaging.archive.order import Entry, in_order
from tests.archive.lines_of import START

MISSING, STORED = "missing", "stored"


def key(name: int | str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, str(name))


def entries(*sent: tuple[int, int | str | None]) -> list[Entry]:
    """Entries by the minute at which each was sent, and the index of what it answers."""
    return [
        Entry(START + timedelta(minutes=minute), index, key(index), "trey", None if to is None else key(to))
        for index, (minute, to) in enumerate(sent)
    ]


def order(*sent: tuple[int, int | str | None]) -> list[int]:
    return [entry.number for entry in in_order(entries(*sent), {key(STORED)})]


def orphans(*sent: tuple[int, int | str | None]) -> list[int]:
    return [entry.number for entry in in_order(entries(*sent), {key(STORED)}) if entry.is_orphan]


def test_messages_are_sorted_by_time_and_at_the_same_time_by_line() -> None:
    assert order((3, None), (1, None), (2, None)) == [1, 2, 0]
    assert order((1, None), (1, None), (0, None), (1, None)) == [2, 0, 1, 3]


def test_a_reply_before_its_parent_in_the_file_comes_after_it() -> None:
    assert order((2, 1), (1, None)) == [1, 0]
    assert order((1, 1), (1, None)) == [1, 0]
    assert order((1, 1), (1, 2), (1, None), (1, None)) == [2, 1, 0, 3]


def test_a_reply_dated_before_its_parent_comes_right_after_it() -> None:
    assert order((5, None), (1, 0), (3, None), (6, None)) == [2, 0, 1, 3]
    assert order((5, None), (1, 0), (2, 1), (6, None)) == [0, 1, 2, 3]


def test_a_reply_to_a_missing_message_stays_at_its_time_and_is_an_orphan() -> None:
    assert order((2, MISSING), (1, None), (3, STORED)) == [1, 0, 2]
    assert orphans((2, MISSING), (1, None), (3, STORED)) == [0]


def test_a_circle_of_replies_is_opened_at_its_earliest_message() -> None:
    assert orphans((1, 0)) == [0]
    assert orphans((3, 1), (2, 2), (4, 0)) == [1]
    assert order((3, 1), (2, 2), (4, 0)) == [1, 0, 2]
    assert orphans((1, 1), (3, 2), (2, 1)) == [2]  # the first one is not in the circle
    assert order((1, 1), (3, 2), (2, 1)) == [2, 1, 0]


def test_many_circles_and_a_long_chain_are_not_too_much() -> None:
    many = 20_000
    assert orphans(*((1, index ^ 1) for index in range(many))) == list(range(0, many, 2))
    chain = ((many - index, index - 1 if index else None) for index in range(many))
    assert order(*chain) == list(range(many))


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.none() | st.integers(0, 12) | st.sampled_from([MISSING, STORED])),
        max_size=12,
    )
)
def test_nothing_is_lost_and_only_a_parent_makes_a_message_later_than_its_time(
    sent: list[tuple[int, int | str | None]],
) -> None:
    given_entries = {entry.client_id: entry for entry in entries(*sent)}
    placed = list(in_order(given_entries.values(), {key(STORED)}))
    assert sorted(entry.number for entry in placed) == list(range(len(sent)))
    place = {entry.client_id: position for position, entry in enumerate(placed)}
    effective: dict[uuid.UUID, tuple[datetime, int]] = {}
    for entry in placed:
        mine = (entry.sent_at, entry.number)
        if entry.reply_to in place:
            assert place[entry.reply_to] < place[entry.client_id]
            mine = max(mine, effective[entry.reply_to])
        assert not effective or mine >= list(effective.values())[-1]
        effective[entry.client_id] = mine
        if entry.is_orphan:
            assert entry.reply_to is None
            assert is_missing_or_in_a_circle(given_entries[entry.client_id], given_entries)
        else:
            assert entry == given_entries[entry.client_id]


def is_missing_or_in_a_circle(entry: Entry, all_entries: dict[uuid.UUID, Entry]) -> bool:
    start, parent = entry, entry.reply_to
    for _ in all_entries:
        if parent is None or parent not in all_entries:
            return entry is start and start.reply_to not in all_entries
        if parent == start.client_id:
            return True
        parent = all_entries[parent].reply_to
    return False
