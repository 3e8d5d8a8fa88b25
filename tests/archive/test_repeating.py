"""Importing again: nothing is added twice, and an import that was killed is completed."""

from collections import Counter
from collections.abc import Iterator
from itertools import count, islice
from typing import Any

import pytest

from messaging.archive import importing
from messaging.archive.importing import Importer
from messaging.archive.rooms import ImportedRoom
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.archive.lines_of import Stored, as_bytes, import_lines, line, random_lines, state, stored_messages

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
LINES = random_lines(120)


class Killed(BaseException):
    """Ends an import as a signal does: no `except Exception` catches it."""


@pytest.fixture
def whole() -> list[Stored]:
    """The messages after an uninterrupted import."""
    import_lines(LINES)
    said = stored_messages()
    Message.objects.all().delete()
    Conversation.objects.all().delete()
    User.objects.all().delete()
    return said


def test_the_same_lines_twice_add_nothing() -> None:
    import_lines(LINES)
    before = state()
    tally, _ = import_lines(LINES)
    assert (tally.added, tally.known, tally.orphans.count) == (0, len(LINES), 0)
    assert state() == before


def test_a_repeated_line_is_added_once() -> None:
    tally, _ = import_lines([line(id="1"), line(id="1", text="another")])
    assert (tally.added, tally.known) == (1, 1)
    assert Message.objects.get().content == "hello"


def test_a_file_that_grew_adds_only_its_new_lines(whole: list[Stored]) -> None:
    import_lines(LINES[:50])
    tally, _ = import_lines(LINES)
    assert (tally.added, tally.known, tally.orphans.count) == (70, 50, 0)
    assert stored_messages() == whole


def test_lines_are_recognised_if_the_files_are_imported_in_another_order() -> None:
    import_lines(LINES[60:])
    import_lines(LINES[:60])
    tally, _ = import_lines(LINES)
    assert (tally.added, tally.known) == (0, len(LINES))


def test_an_import_that_was_killed_while_reading_has_stored_nothing(whole: list[Stored]) -> None:
    def lines() -> Iterator[tuple[int, bytes]]:
        yield from enumerate(as_bytes(LINES[:99]).splitlines(), start=1)
        raise Killed

    with pytest.raises(Killed):
        Importer(report=print).read(lines(), "test")
    assert not Message.objects.exists()
    assert_it_completes(whole)


@pytest.mark.parametrize("size", [7, 30])
@pytest.mark.parametrize("batches", [1, 2, 3])
def test_an_import_that_was_killed_between_batches_is_completed_by_the_next_one(
    whole: list[Stored], monkeypatch: pytest.MonkeyPatch, size: int, batches: int
) -> None:
    monkeypatch.setattr(importing, "BATCH_SIZE", size)
    importer = Importer(report=print)
    importer.read(enumerate(as_bytes(LINES).splitlines(), start=1), "test")
    for _ in islice(importer.write(), batches):
        pass
    assert 0 < Message.objects.count() < len(LINES)
    assert_it_completes(whole)


@pytest.mark.parametrize("call", [1, 2, 3, 5, 9])
def test_an_import_that_was_killed_while_writing_leaves_no_half_batch(
    whole: list[Stored], monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    monkeypatch.setattr(importing, "BATCH_SIZE", 10)
    append, calls = ImportedRoom.append, count(1)

    def append_or_die(*args: Any) -> None:
        append(*args)
        if next(calls) == call:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(ImportedRoom, "append", append_or_die)
        with pytest.raises(Killed):
            import_lines(LINES)
    in_rooms = Counter(one["room"] for one in LINES).values()
    batches = [min(10, number - start) for number in in_rooms for start in range(0, number, 10)]
    assert Message.objects.count() == sum(batches[: call - 1])
    assert_it_completes(whole)


def assert_it_completes(whole: list[Stored]) -> None:
    import_lines(LINES)
    assert stored_messages() == whole
    for room in Conversation.objects.all():
        seqs = list(room.messages.order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, room.version + 1))


def test_a_removed_message_stays_removed_and_can_get_replies() -> None:
    import_lines([line(id="a", text="a"), line(id="b", reply_to="a")])
    Message.objects.get(content="a").remove()
    tally, _ = import_lines([line(id="a", text="a"), line(id="c", text="c", reply_to="a")])
    assert (tally.added, tally.known, tally.orphans.count) == (1, 1, 0)
    assert not Message.objects.filter(content="a").exists()
    assert Message.objects.filter(content="c", parent_message__removed_at__isnull=False).exists()


def test_people_can_talk_in_an_imported_room_between_two_imports() -> None:
    import_lines(LINES[:50])
    room = Conversation.objects.get(name="room 0")
    talker = User.objects.create_user("talker")
    add(room, talker)
    mine = post(room, talker, "Still about?")
    tally, _ = import_lines(LINES)
    assert tally.added == 70
    room.refresh_from_db()
    seqs = list(room.messages.order_by("seq").values_list("seq", flat=True))
    assert len(set(seqs)) == len(seqs)
    assert mine.seq in seqs
    assert max(seqs) <= room.version
