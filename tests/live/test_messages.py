"""Messages arrive in open pages: born, changed, removed."""

import pytest
from django.test import Client

from messaging.models import Conversation, Message, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.live.bodies import replaced, row_of, upserted
from tests.live.conftest import Listen, cursor_at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


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


def test_reply_triggers_its_thread_and_updates_its_root(
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
    Message.unread_messages.mark_as_read_for_user(ben)
    assert ear.heard("badges").json["unread"] == 0
    assert b"canary" not in ear.raw


def test_other_changes_of_a_conversation_are_streamed_without_content(
    room: Conversation, ben: User, stranger: User, listen: Listen
) -> None:
    ear = listen(ben, room)
    add(room, stranger)
    ear.heard("conversation")
    assert ear.swaps() == []


def test_change_is_streamed_by_the_regular_check_when_no_wakeup_arrives(
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
