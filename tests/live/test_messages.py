"""What everyone in a conversation gets: each change once, in order, the same bytes for all."""

import pytest
from django.test import Client

from messaging.live import changes
from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.live.conftest import Listen, cursor_at
from tests.live.ears import Ear

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


def row_of(message: Message) -> str:
    return f'<div class="row" id="m-{message.pk}" data-seq="{message.seq}">'


def upserted(message: Message) -> str:
    newest = "#timeline:not(:has(> .newer:last-child))"
    return f'<hx-upsert hx-target="{newest}" key="data-seq" sort>\n' + row_of(message)


def replaced(message: Message) -> str:
    return f'<hx-partial hx-target="#m-{message.pk} > .message" hx-swap="outerHTML">'


def test_a_new_message_comes_as_the_row_of_the_list(
    room: Conversation, ada: User, ben: User, client: Client, listen: Listen
) -> None:
    ear = listen(ben, room)
    message = post(room, ada, "Land *ho*")
    swap = ear.heard("")
    assert upserted(message) in swap.data
    client.force_login(ben)
    page = client.get(f"/conversations/{room.pk}/messages/").content.decode()
    row = page[page.index(row_of(message)) :].strip()
    assert row in swap.data
    assert swap.cursor == cursor_at(room)


def test_two_members_get_equal_bytes(room: Conversation, ada: User, ben: User, listen: Listen) -> None:
    ears = [listen(ada, room), listen(ben, room)]
    message = post(room, ada, "for @ben")
    heard = [[ear.heard("")] for ear in ears]
    message.edit("for @ben, again")
    for ear, events in zip(ears, heard, strict=True):
        events.append(ear.heard(""))
    assert heard[0] == heard[1]
    assert "for @ben, again" not in heard[0][0].data


def test_a_change_leaves_the_row_and_what_is_open_in_it_alone(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    message = post(room, ada, "first")
    ear = listen(ben, room)
    message.edit("second")
    edited = ear.heard("").data
    assert replaced(message) in edited
    assert "second" in edited
    message.remove()
    removed = ear.heard("").data
    assert replaced(message) in removed
    assert "Message removed" in removed
    for html in (edited, removed):
        assert "hx-upsert" not in html
        assert 'class="slot"' not in html


def test_a_reply_is_told_to_its_thread_and_renews_its_root(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    root = post(room, ada, "root")
    ear = listen(ben, room)
    reply = post(room, ada, "only in the thread", parent=root)
    assert ear.heard(f"thread-{root.pk}").cursor is None
    swap = ear.heard("").data
    assert replaced(root) in swap
    assert "1 reply" in swap
    reply.edit("still only there")
    ear.heard(f"thread-{root.pk}")
    reply.remove()
    ear.heard(f"thread-{root.pk}")
    assert "reply" not in ear.heard("").data.replace("/reply/", "").replace("icon-reply", "").replace(
        "Reply", ""
    )
    assert b"in the thread" not in ear.raw
    assert b"only there" not in ear.raw


def test_what_moves_the_cursor_comes_last(room: Conversation, ada: User, ben: User, listen: Listen) -> None:
    root = post(room, ada, "root")
    cursor = cursor_at(room)
    post(room, ada, "reply", parent=root)
    ear = listen(ben, room, cursor=cursor)
    mine = [event for event in ear.events if event.name in ("", f"thread-{root.pk}")]
    assert [event.name for event in mine] == [f"thread-{root.pk}", ""]


def test_the_page_without_a_conversation_gets_no_message(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    ear = listen(ben)
    post(room, ada, "canary")
    ear.heard("badges")
    assert b"canary" not in ear.raw + ear.listen(0.5)


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
    assert b"canary" not in ear.raw + ear.listen(0.5)


def test_too_much_resets_and_just_not_too_much_does_not(
    room: Conversation, ada: User, ben: User, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MAX_MESSAGES", 3)
    cursor = cursor_at(room)
    live = listen(ada, room)
    for number in range(3):
        post(room, ada, f"message {number}")
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


def test_what_else_moves_a_conversation_is_told_without_a_word(
    room: Conversation, ben: User, stranger: User, listen: Listen
) -> None:
    ear = listen(ben, room)
    add(room, stranger)
    ear.heard("conversation")
    assert ear.swaps() == []


def test_a_change_shows_by_the_tick_where_no_poke_gets_through(
    told: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    ear = listen(ben, room)
    message = post(room, ada, "woken_by or not")
    assert upserted(message) in ear.heard("").data


def test_a_conversation_that_is_gone_ends_its_streams(
    told: str, ada: User, ben: User, listen: Listen
) -> None:
    direct = Conversation.objects.direct(ada, ben)
    ear = listen(ben, direct)
    ada.delete()
    names = [event.name for event in ear.to_the_end()]
    assert names[-1] == "removed"
