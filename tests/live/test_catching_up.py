"""A page that reconnects gets the changes that it missed, or a reset."""

from typing import Any

import pytest

from messaging.live import opening, payload, recent
from messaging.live.hub import Hub
from messaging.live.payload import Changes
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.live.bodies import replaced, row_of, upserted
from tests.live.conftest import Listen, cursor_at
from tests.live.stream_client import StreamClient
from tests.waiting import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


def test_a_reconnecting_page_gets_what_it_missed(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    old = post(room, ada, "old")
    cursor = cursor_at(room)
    old.edit("old, edited")
    new = post(room, ada, "new")
    gone = post(room, ada, "gone")
    gone.remove()
    stream = listen(ben, room, cursor=cursor)
    (swap,) = stream.swaps()
    assert upserted(new) in swap.data
    assert row_of(gone) in swap.data
    assert replaced(old) in swap.data
    assert row_of(old) not in swap.data
    assert swap.cursor == cursor_at(room)
    later = post(room, ada, "later")
    assert upserted(later) in stream.next_event("").data


def test_the_last_event_id_header_wins_over_the_cursor_in_the_url(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    loaded = cursor_at(room)
    post(room, ada, "seen")
    applied = cursor_at(room)
    post(room, ada, "missed")
    stream = listen(ben, room, cursor=loaded, Last_Event_ID=applied)
    (swap,) = stream.swaps()
    assert "missed" in swap.data
    assert "seen" not in swap.data


def test_a_page_that_missed_nothing_gets_no_changes(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    post(room, ada, "seen")
    assert listen(ben, room, cursor=cursor_at(room)).swaps() == []
    assert listen(ben, room).swaps() == []


def reset_by(cursor: str, room: Conversation, ben: User, listen: Listen) -> StreamClient:
    stream = listen(ben, room, cursor=cursor)
    assert [event.name for event in stream.events][:1] == ["reset"]
    assert stream.swaps() == []
    return stream


def test_an_unknown_cursor_causes_a_reset(room: Conversation, ada: User, ben: User, listen: Listen) -> None:
    post(room, ada, "something")
    epoch, people, version, language = cursor_at(room).split(".")
    for cursor in (
        f"{'0' * 32}.{people}.{version}.{language}",
        f"{epoch}.{int(people) + 1}.{version}.{language}",
        f"{epoch}.{people}.{int(version) + 1}.{language}",
        f"{epoch}.{people}.{version}.{'fr' if language == 'de' else 'de'}",
        f"{epoch}.{people}.{version}",  # of a page from before there were languages
    ):
        stream = reset_by(cursor, room, ben, listen)
        stream.close()


def test_after_a_reset_no_message_moves_the_cursor_past_it(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    epoch = cursor_at(room).partition(".")[0]
    stream = reset_by(f"{epoch}.0.99", room, ben, listen)
    post(room, ada, "canary")
    stream.next_event("badges")
    Message.unread_messages.mark_as_read_for_user(ben)
    assert stream.next_event("badges").json["unread"] == 0
    assert b"canary" not in stream.raw


def test_more_changes_than_the_limit_cause_a_reset(
    room: Conversation, ada: User, ben: User, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payload, "MAX_MESSAGES", 3)
    cursor = cursor_at(room)
    live = listen(ada, room)
    for number in range(3):
        post(room, ada, f"message {number}")
    live.wait_for_text("message 2")
    assert len(listen(ben, room, cursor=cursor).swaps()) == 1
    post(room, ada, "one more")
    reset_by(cursor, room, ben, listen)
    assert "one more" in "".join(iter_until(live, "one more"))


@pytest.fixture
def overtaken(room: Conversation, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever the changes for a stream that opens have been read, a newer message is sent to all others."""
    read = opening.changes_since

    def read_then_overtaken(*args: Any) -> Changes:
        changes = read(*args)
        feed = next(feed for hub in Hub.by_loop.values() for _pk, feed in hub.feeds.of({room.pk}))
        version = post(room, ada, f"newer than {changes.versions.version}").version
        until(lambda: feed.version >= version)
        return changes

    monkeypatch.setattr(opening, "changes_since", read_then_overtaken)


@pytest.mark.usefixtures("overtaken")
def test_a_page_far_behind_in_a_busy_room_catches_up(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    cursor = cursor_at(room)
    missed = [post(room, ada, f"message {number}") for number in range(40)]
    listen(ada, room)
    stream = listen(ben, room, cursor=cursor)
    assert stream.status == 200
    later = post(room, ada, "later")
    assert upserted(later) in stream.next_event("").data
    assert [row_of(one) in "".join(swap.data for swap in stream.swaps()) for one in missed] == [True] * 40
    assert stream.raw.count(b"newer than") == 1
    assert stream.cursor == cursor_at(room)


@pytest.mark.usefixtures("overtaken")
def test_a_page_that_cannot_catch_up_is_reset(
    room: Conversation, ada: User, ben: User, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "KEPT_BYTES", 0)
    cursor = cursor_at(room)
    post(room, ada, "missed")
    listen(ada, room)
    reset_by(cursor, room, ben, listen)


def iter_until(stream: StreamClient, text: str) -> list[str]:
    received: list[str] = []
    while not received or text not in received[-1]:
        received.append(stream.next_event("").data)
    return received


def test_an_erasure_resets_open_and_reconnecting_pages(
    room: Conversation, ada: User, ben: User, stranger: User, listen: Listen
) -> None:
    add(room, stranger)
    post(room, stranger, "canary")
    cursor = cursor_at(room)
    stream = listen(ben, room)
    stranger.delete()
    stream.next_event("reset")
    reset_by(cursor, room, ben, listen)
    assert b"canary" not in stream.raw


def test_a_deleted_message_causes_a_reset(room: Conversation, ada: User, ben: User, listen: Listen) -> None:
    message = post(room, ada, "gone altogether")
    stream = listen(ben, room)
    message.delete()
    stream.next_event("reset")


def test_a_rename_causes_a_reset(room: Conversation, ada: User, ben: User, listen: Listen) -> None:
    cursor = cursor_at(room)
    streams = [listen(ada, room), listen(ben, room), listen(ben)]
    ada.display_name = "Countess"
    ada.save()
    names = ".".join(cursor_at(room).split(".")[:2])
    assert not cursor.startswith(names)
    for stream in streams:
        shown = stream.next_event("sidebar").json
        assert (shown["conversations"], shown["names"]) == ([room.pk], names)
    (opened_later,) = (event for event in listen(ben).events if event.name == "sidebar")
    assert opened_later.json["names"] == names
    for stream in streams[:2]:
        stream.next_event("reset")
    reset_by(cursor, room, ben, listen)
