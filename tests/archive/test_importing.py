"""What an import writes: every message with its place and time, and no notifications."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messaging.archive import importing
from messaging.models import Conversation, Membership, Mention, Message, Notification, ThreadedMessage, User
from messaging.models.rooms.members import add
from messaging.text import render
from tests.archive.lines_of import NICKS, START, import_lines, line, random_lines, stored_messages
from tests.factories import RoomFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.fixture(params=[1, 2, 7, importing.BATCH_SIZE], ids=lambda size: f"batches of {size}")
def batch_size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """The number of messages that are written in one transaction."""
    monkeypatch.setattr(importing, "BATCH_SIZE", request.param)
    return request.param


def message(name: str) -> Message:
    return Message.objects.get(content=name)


def test_a_message_keeps_its_time_its_text_and_its_writer() -> None:
    import_lines([line(sender="|trey|", text="**hello** <b>")])
    one, writer = Message.objects.get(), User.objects.get()
    assert (one.timestamp, one.content) == (START, "**hello** <b>")
    assert one.content_html == render("**hello** <b>")
    assert (one.sender, writer.display_name, writer.is_active) == (writer, "|trey|", False)
    assert (one.conversation.name, one.conversation.kind) == ("ubuntu", Conversation.Kind.ROOM)
    assert one.conversation.last_message_at == START


def test_replies_get_the_parent_that_they_name(batch_size: int) -> None:
    lines = [line(id="a", text="a")]
    lines += [line(id="b", text="b", reply_to="a"), line(id="c", text="c", reply_to="b")]
    lines += [line(id="d", text="d", reply_to="a"), line(id="e", text="e")]
    tally, _ = import_lines(lines)
    assert (tally.added, tally.orphans.count) == (5, 0)
    a, b, c, d, e = (message(name) for name in "abcde")
    assert [one.parent_message for one in (a, b, c, d, e)] == [None, a, b, a, None]
    assert [one.thread_root for one in (a, b, c, d, e)] == [None, a, a, a, None]
    assert [one.depth for one in (a, b, c, d, e)] == [0, 1, 2, 1, 0]
    assert [one.content for one in ThreadedMessage.get_message_thread(a.pk)] == ["a", "b", "c", "d"]


def test_a_long_chain_keeps_every_depth(batch_size: int) -> None:
    import_lines([line(id="0")] + [line(id=str(depth), reply_to=str(depth - 1)) for depth in range(1, 60)])
    assert list(Message.objects.order_by("seq").values_list("depth", flat=True)) == list(range(60))


def test_a_reply_to_an_unknown_message_becomes_a_root_and_is_counted(batch_size: int) -> None:
    lines = [line(id="a", reply_to="nothing"), line(id="b", reply_to="b"), line(id="d")]
    lines += [line(id="e", room="other", reply_to="d")]
    tally, reports = import_lines(lines)
    assert (tally.added, tally.orphans.count, reports) == (4, 3, [])
    assert not Message.objects.filter(parent_message__isnull=False).exists()


def test_the_seqs_of_a_room_have_no_gaps(batch_size: int) -> None:
    import_lines(random_lines(50))
    for room in Conversation.objects.all():
        seqs = list(room.messages.order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, room.version + 1))


def test_nobody_is_notified_nobody_is_a_member_and_all_is_read() -> None:
    UserFactory.create(username="bob")
    import_lines(random_lines(60))
    assert not Notification.objects.exists()
    assert not Membership.objects.exists()
    assert not Mention.objects.exists()
    assert not Message.unread_messages.unread_only().exists()


def test_bad_lines_are_reported_with_their_numbers_and_skipped(batch_size: int) -> None:
    lines: list[Any] = [line(id="1"), b"{", line(id="2"), line(text=...), b"", line(id="3", sent_at="never")]
    tally, reports = import_lines([*lines, line(id="4", reply_to="2")])
    assert (tally.read, tally.added, tally.bad) == (6, 3, 3)
    assert [report.split(": skipped")[0] for report in reports] == [
        f"test, line {number}" for number in (2, 4, 6)
    ]
    assert Message.objects.get(parent_message__isnull=False).parent_message == Message.objects.get(seq=2)


def test_an_import_never_writes_into_a_room_that_a_person_created() -> None:
    mine = RoomFactory.create(name="ubuntu")
    import_lines([line()])
    assert not mine.messages.exists()
    assert Conversation.objects.filter(name="ubuntu").count() == 2
    mine.refresh_from_db()
    assert mine.external_id is None


def test_nothing_is_imported_into_a_removed_room_and_that_is_reported() -> None:
    import_lines([line()])
    Conversation.objects.update(removed_at=timezone.now())
    tally, reports = import_lines([line(), line(id="2", text="another")])
    assert (tally.added, tally.bad) == (0, 2)
    assert reports == ["room ubuntu: 2 messages skipped, the room was removed here"]


def test_imported_rooms_are_open_to_everybody() -> None:
    import_lines([line()])
    ada = UserFactory.create()
    assert list(Conversation.objects.open_to(ada)) == [Conversation.objects.get()]


def test_the_same_id_in_two_rooms_is_two_messages() -> None:
    tally, _ = import_lines(
        [line(id="1", room="one"), line(id="1", room="two"), line(id="2", room="two", reply_to="1")]
    )
    assert (tally.added, tally.known, tally.orphans.count) == (3, 0, 0)
    assert Message.objects.get(parent_message__conversation__name="two").conversation.name == "two"


def test_older_lines_do_not_make_a_room_look_older() -> None:
    import_lines([line(id="1")])
    import_lines([line(id="2", sent_at=(START - timedelta(days=1)).isoformat())])
    assert Conversation.objects.get().last_message_at == START


def test_a_reply_that_comes_later_shows_at_once_on_its_root() -> None:
    ada = UserFactory.create(username="ada")
    import_lines([line(id="a"), line(id="b")])
    room = Conversation.objects.get()
    add(room, ada)
    client = Client()
    client.force_login(ada)
    place = reverse("message_list", args=[room.pk])
    assert b"1 reply" not in client.get(place).content
    import_lines([line(id="a"), line(id="b"), line(id="c", reply_to="a")])
    assert b"1 reply" in client.get(place).content
    caches["pages"].clear()
    assert b"1 reply" in client.get(place).content


def test_a_few_thousand_lines_are_all_imported() -> None:
    lines = random_lines(4_000, rooms=5)
    tally, reports = import_lines(lines)
    assert (tally.added, tally.bad, tally.orphans.count, reports) == (4_000, 0, 0, [])
    said = stored_messages()
    assert len(said) == 4_000
    written = [(one["room"], one["sent_at"], one["text"]) for one in lines]
    assert sorted((one.room, one.sent_at.isoformat(), one.text) for one in said) == sorted(written)
    answers = sum(one["reply_to"] is not None for one in lines)
    assert sum(one.parent is not None for one in said) == answers > 1_000
    assert User.objects.count() <= len(NICKS)
