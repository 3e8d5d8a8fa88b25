"""Importing again: nothing is added twice, and an import that was killed goes on where it was."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from messaging.archive import importing
from messaging.archive.importing import Importer
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.archive.lines_of import Said, as_bytes, conversation, everything_said, line, take

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
LINES = conversation(120)


class Killed(BaseException):
    """Ends an import as a signal does: nothing catches it."""


def state() -> list[Any]:
    """What a repeated import could have changed."""
    rooms = Conversation.objects.order_by("pk").values_list("pk", "version", "last_message_at")
    return [*rooms, *Message.rows.order_by("pk").values_list(), *User.objects.order_by("pk").values_list()]


@pytest.fixture
def whole() -> list[Said]:
    """What is there after an import that nothing came in the way of."""
    take(LINES)
    said = everything_said()
    Message.objects.all().delete()
    Conversation.objects.all().delete()
    User.objects.all().delete()
    return said


def test_the_same_lines_twice_add_nothing() -> None:
    take(LINES)
    before = state()
    tally, _ = take(LINES)
    assert (tally.added, tally.known, tally.orphans) == (0, len(LINES), 0)
    assert state() == before


def test_a_line_that_is_there_twice_is_added_once() -> None:
    tally, _ = take([line(id="1"), line(id="1", text="another")])
    assert (tally.added, tally.known) == (1, 1)
    assert Message.objects.get().content == "hello"


def test_a_file_that_grew_adds_what_is_new_under_what_was_there(whole: list[Said]) -> None:
    take(LINES[:50])
    tally, _ = take(LINES)
    assert (tally.added, tally.known, tally.orphans) == (70, 50, 0)
    assert everything_said() == whole


def test_lines_in_another_order_of_files_are_known_too() -> None:
    take(LINES[60:])
    take(LINES[:60])
    tally, _ = take(LINES)
    assert (tally.added, tally.known) == (0, len(LINES))


@pytest.mark.parametrize("size", [7, 50])
@pytest.mark.parametrize("after", [1, 49, 99])
def test_killed_while_it_reads_it_completes_when_started_again(
    whole: list[Said], monkeypatch: pytest.MonkeyPatch, size: int, after: int
) -> None:
    monkeypatch.setattr(importing, "BATCH_SIZE", size)

    def lines() -> Iterator[tuple[int, bytes]]:
        yield from enumerate(as_bytes(LINES[:after]).splitlines(), start=1)
        raise Killed

    with pytest.raises(Killed):
        Importer(report=print).add_lines(lines(), "test")
    assert Message.objects.count() == after - after % size
    assert_it_completes(whole)


@pytest.mark.parametrize("call", [1, 2, 3, 5, 9])
def test_import_killed_while_writing_leaves_no_half_batch(
    whole: list[Said], monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    monkeypatch.setattr(importing, "BATCH_SIZE", 40)
    insert = Importer._insert

    def killed(times: int) -> Callable[..., None]:
        def insert_or_die(*args: Any) -> None:
            nonlocal times
            insert(*args)
            times -= 1
            if not times:
                raise Killed

        return insert_or_die

    with monkeypatch.context() as patched:
        patched.setattr(Importer, "_insert", killed(call))
        with pytest.raises(Killed):
            take(LINES)
    assert Message.objects.count() % 40 == 0
    assert_it_completes(whole)


def assert_it_completes(whole: list[Said]) -> None:
    take(LINES)
    assert everything_said() == whole
    for room in Conversation.objects.all():
        seqs = list(room.messages.order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, room.version + 1))


def test_a_message_that_was_removed_meanwhile_stays_removed_and_can_be_answered() -> None:
    take([line(id="a", text="a"), line(id="b", reply_to="a")])
    Message.objects.get(content="a").remove()
    tally, _ = take([line(id="a", text="a"), line(id="c", text="c", reply_to="a")])
    assert (tally.added, tally.known, tally.orphans) == (1, 1, 0)
    assert not Message.objects.filter(content="a").exists()
    assert Message.objects.filter(content="c", parent_message__removed_at__isnull=False).exists()


def test_people_can_talk_in_an_imported_room_between_two_imports() -> None:
    take(LINES[:50])
    room = Conversation.objects.get(name="room 0")
    talker = User.objects.create_user("talker")
    add(room, talker)
    mine = post(room, talker, "Still about?")
    tally, _ = take(LINES)
    assert tally.added == 70
    room.refresh_from_db()
    seqs = list(room.messages.order_by("seq").values_list("seq", flat=True))
    assert len(set(seqs)) == len(seqs)
    assert mine.seq in seqs
    assert max(seqs) <= room.version
