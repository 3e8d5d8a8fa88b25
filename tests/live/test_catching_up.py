"""A page that was away gets what it lacks, or is told to reload."""

import pytest

from messaging.live import payload
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.live.bodies import replaced, row_of, upserted
from tests.live.conftest import Listen, cursor_at
from tests.live.ears import Ear

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


def test_what_was_missed_comes_on_coming_back(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    old = post(room, ada, "old")
    cursor = cursor_at(room)
    old.edit("old, edited")
    new = post(room, ada, "new")
    gone = post(room, ada, "gone")
    gone.remove()
    ear = listen(ben, room, cursor=cursor)
    (swap,) = ear.swaps()
    assert upserted(new) in swap.data
    assert row_of(gone) in swap.data
    assert replaced(old) in swap.data
    assert row_of(old) not in swap.data
    assert swap.cursor == cursor_at(room)
    later = post(room, ada, "later")
    assert upserted(later) in ear.heard("").data


def test_the_header_of_a_reconnect_wins_over_the_address(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    loaded = cursor_at(room)
    post(room, ada, "seen")
    applied = cursor_at(room)
    post(room, ada, "missed")
    ear = listen(ben, room, cursor=loaded, Last_Event_ID=applied)
    (swap,) = ear.swaps()
    assert "missed" in swap.data
    assert "seen" not in swap.data


def test_nothing_missed_is_nothing_sent(room: Conversation, ada: User, ben: User, listen: Listen) -> None:
    post(room, ada, "seen")
    assert listen(ben, room, cursor=cursor_at(room)).swaps() == []
    assert listen(ben, room).swaps() == []


def reset_by(cursor: str, room: Conversation, ben: User, listen: Listen) -> Ear:
    ear = listen(ben, room, cursor=cursor)
    assert [event.name for event in ear.events][:1] == ["reset"]
    assert ear.swaps() == []
    return ear


def test_a_cursor_that_leads_nowhere_resets(room: Conversation, ada: User, ben: User, listen: Listen) -> None:
    post(room, ada, "something")
    epoch, people, version = cursor_at(room).split(".")
    for cursor in (
        f"{'0' * 32}.{people}.{version}",
        f"{epoch}.{int(people) + 1}.{version}",
        f"{epoch}.{people}.{int(version) + 1}",
    ):
        ear = reset_by(cursor, room, ben, listen)
        ear.close()


def test_after_a_reset_no_message_moves_the_cursor_past_it(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    epoch = cursor_at(room).partition(".")[0]
    ear = reset_by(f"{epoch}.0.99", room, ben, listen)
    post(room, ada, "canary")
    ear.heard("badges")
    Message.unread_messages.mark_as_read_for_user(ben)
    assert ear.heard("badges").json["unread"] == 0
    assert b"canary" not in ear.raw


def test_too_much_resets_and_just_not_too_much_does_not(
    room: Conversation, ada: User, ben: User, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payload, "MAX_MESSAGES", 3)
    cursor = cursor_at(room)
    live = listen(ada, room)
    for number in range(3):
        post(room, ada, f"message {number}")
    live.says("message 2")
    assert len(listen(ben, room, cursor=cursor).swaps()) == 1
    post(room, ada, "one more")
    reset_by(cursor, room, ben, listen)
    assert "one more" in "".join(iter_until(live, "one more"))


def iter_until(ear: Ear, text: str) -> list[str]:
    heard: list[str] = []
    while not heard or text not in heard[-1]:
        heard.append(ear.heard("").data)
    return heard


def test_an_erasure_resets_open_pages_and_those_that_slept(
    room: Conversation, ada: User, ben: User, stranger: User, listen: Listen
) -> None:
    add(room, stranger)
    post(room, stranger, "canary")
    cursor = cursor_at(room)
    ear = listen(ben, room)
    stranger.delete()
    ear.heard("reset")
    reset_by(cursor, room, ben, listen)
    assert b"canary" not in ear.raw


def test_a_deleted_message_resets(room: Conversation, ada: User, ben: User, listen: Listen) -> None:
    message = post(room, ada, "gone altogether")
    ear = listen(ben, room)
    message.delete()
    ear.heard("reset")


def test_a_rename_resets(room: Conversation, ada: User, ben: User, listen: Listen) -> None:
    cursor = cursor_at(room)
    ears = [listen(ada, room), listen(ben, room), listen(ben)]
    ada.display_name = "Countess"
    ada.save()
    for ear in ears:
        assert ear.heard("sidebar").json["renamed"] is True
    for ear in ears[:2]:
        ear.heard("reset")
    reset_by(cursor, room, ben, listen)
