"""Whatever the order of the lines and the length of their texts: messages stand in the order of time, none is
lost, and none is doubled.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.archive import importing
from messaging.models import Message
from messaging.text import MAX_LENGTH
from tests.amounts import MORE
from tests.archive.lines_of import START, import_lines, line, state

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
ROOMS = ["one", "two"]
LENGTHS = st.sampled_from(
    [1, 1, 1, 1, 1_500, 3_200]
)  # words of 8 with a space, so one, two or three messages
EXAMPLES = settings(max_examples=30 * MORE, deadline=None)


@st.composite
def archives(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Lines of two rooms with few different times, whose replies answer any line, themselves, or nothing."""
    number = draw(st.integers(1, 14))
    targets = st.none() | st.integers(0, number - 1) | st.just("missing")
    lines = []
    for index in range(number):
        minutes, target, words = draw(st.integers(0, 5)), draw(targets), draw(LENGTHS)
        lines.append(
            line(
                id=str(index),
                room=draw(st.sampled_from(ROOMS)),
                sent_at=(START + timedelta(minutes=minutes)).isoformat(),
                sender=draw(st.sampled_from(["trey", "bob"])),
                text=" ".join([f"text-{index:02}"] * words),
                reply_to=None if target is None else str(target),
            )
        )
    return lines


@contextmanager
def taken_back() -> Iterator[None]:
    """Undoes what the block writes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Unit(NamedTuple):
    """The messages that one line became."""

    line: int  # counted from 0; its text names it
    rows: list[Message]

    @property
    def parent(self) -> Message | None:
        return self.rows[0].parent_message


def line_of(message: Message) -> int:
    return int(message.content[5:7])


def units(room: str) -> list[Unit]:
    """The messages of a room by `seq`, those that follow one another and are of one line together."""
    rows = Message.rows.filter(conversation__external_id=f"room:{room}").order_by("seq")
    groups = groupby(rows.select_related("sender", "parent_message"), key=line_of)
    return [Unit(index, list(group)) for index, group in groups]


def assert_complete(lines: list[dict[str, Any]]) -> None:
    """Every line is in its room once, whole, with its time and sender. Ids and `seq` rise together."""
    for room in ROOMS:
        found = units(room)
        said = []
        for _, rows in found:
            assert len({(row.timestamp, row.sender, row.parent_message_id) for row in rows}) == 1
            assert rows[0].sender
            text = " ".join(row.content for row in rows)
            said.append((text, rows[0].timestamp.isoformat(), rows[0].sender.display_name))
        expected = [(one["text"], one["sent_at"], one["sender"]) for one in lines if one["room"] == room]
        assert sorted(said) == sorted(expected)
        rows = [row for unit in found for row in unit.rows]
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
        assert [row.pk for row in rows] == sorted(row.pk for row in rows)
        for row in rows:
            parent = row.parent_message
            assert row.depth == (parent.depth + 1 if parent else 0)
            assert row.thread_root_id == ((parent.thread_root_id or parent.pk) if parent else None)
            assert not parent or (parent.conversation_id == row.conversation_id and parent.seq < row.seq)


def assert_in_order(found: list[Unit]) -> None:
    """Times rise, and lines where the time is the same. Only a parent makes a reply later than its time."""
    keys: dict[int, tuple[datetime, int]] = {}
    latest = None
    for unit in found:
        key = (unit.rows[0].timestamp, unit.line)
        if unit.parent and line_of(unit.parent) in keys:
            key = max(key, keys[line_of(unit.parent)])
        assert latest is None or key >= latest
        latest = keys[unit.line] = key


def assert_parents(lines: list[dict[str, Any]]) -> None:
    """A reply answers the end of what its line names, unless that is missing or they go round in a circle."""
    by_id = {one["id"]: one for one in lines}

    def is_in_circle(one: dict[str, Any]) -> bool:
        above = one
        for _ in lines:
            above = by_id.get(above["reply_to"], {"room": None, "reply_to": None})
            if above is one or above["room"] != one["room"]:
                break
        return above is one

    for room in ROOMS:
        found = units(room)
        ends = {str(unit.line): unit.rows[-1] for unit in found}
        for unit in found:
            one = by_id[str(unit.line)]
            assert unit.parent == ends.get(one["reply_to"]) or (unit.parent is None and is_in_circle(one))


@pytest.mark.parametrize("size", [3, importing.BATCH_SIZE])
@EXAMPLES
@given(lines=archives())
def test_messages_stand_in_the_order_of_time_and_again_adds_nothing(
    size: int, lines: list[dict[str, Any]]
) -> None:
    with pytest.MonkeyPatch.context() as patched, taken_back():
        patched.setattr(importing, "BATCH_SIZE", size)
        tally, reports = import_lines(lines)
        assert (tally.added, tally.known, tally.bad, reports) == (Message.rows.count(), 0, 0, [])
        assert tally.split.count == sum(len(one["text"]) > MAX_LENGTH for one in lines)
        assert_complete(lines)
        assert_parents(lines)
        for room in ROOMS:
            assert_in_order(units(room))
        before = state()
        again, _ = import_lines(lines)
        assert (again.added, again.known, again.split.count) == (0, tally.added, 0)
        assert state() == before


@EXAMPLES
@given(lines=archives(), data=st.data())
def test_a_file_in_two_parts_loses_and_doubles_nothing(
    lines: list[dict[str, Any]], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(lines)))
    second = data.draw(st.integers(0, first))  # the second part may repeat lines of the first one
    with taken_back():
        before, _ = import_lines(lines[:first])
        had = {room: len(units(room)) for room in ROOMS}
        tally, _ = import_lines(lines[second:])
        assert before.added + tally.added == Message.rows.count()
        assert_complete(lines)
        for room in ROOMS:
            assert_in_order(units(room)[: had[room]])
            assert_in_order(units(room)[had[room] :])
        before_again = state()
        import_lines(lines)
        assert state() == before_again


@EXAMPLES
@given(lines=archives(), data=st.data())
def test_parts_that_follow_each_other_in_time_give_the_same_as_the_whole_file(
    lines: list[dict[str, Any]], data: st.DataObject
) -> None:
    lines.sort(key=lambda one: (one["sent_at"], int(one["id"])))
    positions = {one["id"]: position for position, one in enumerate(lines)}
    for position, one in enumerate(lines):
        if positions.get(one["reply_to"], -1) >= position:
            one["reply_to"] = None
    cut = data.draw(st.integers(0, len(lines)))
    with taken_back():
        import_lines(lines)
        whole = [summary(room) for room in ROOMS]
    with taken_back():
        import_lines(lines[:cut])
        tally, _ = import_lines(lines[cut:])
        assert [summary(room) for room in ROOMS] == whole
        assert (tally.late.count, tally.moved.count) == (0, 0)


def summary(room: str) -> list[tuple[int, str, int | None]]:
    """The place, the text, and the place of the parent of each message of a room."""
    return [
        (row.seq, row.content, row.parent_message.seq if row.parent_message else None)
        for unit in units(room)
        for row in unit.rows
    ]
