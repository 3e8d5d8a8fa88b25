"""New, changed and removed messages arrive in open pages."""

import pytest
from django.test import Client
from django.utils.translation import gettext, ngettext

from messaging.models import Conversation, Message, User
from messaging.models.messages.pinning import pin
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.live.bodies import replaced, row_of, upserted
from tests.live.conftest import Listen, cursor_at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


def test_a_new_message_has_the_same_row_as_in_the_list(
    room: Conversation, ada: User, ben: User, client: Client, listen: Listen
) -> None:
    stream = listen(ben, room)
    message = post(room, ada, "Land *ho*")
    swap = stream.next_event("")
    assert upserted(message) in swap.data
    client.force_login(ben)
    page = client.get(f"/conversations/{room.pk}/messages/").content.decode()
    row = page[page.index(row_of(message)) :].strip()
    assert row in swap.data
    assert swap.cursor == cursor_at(room)


def test_two_members_get_equal_bytes(room: Conversation, ada: User, ben: User, listen: Listen) -> None:
    streams = [listen(ada, room), listen(ben, room)]
    message = post(room, ada, "for @ben")
    received = [[stream.next_event("")] for stream in streams]
    message.edit("for @ben, again")
    for stream, events in zip(streams, received, strict=True):
        events.append(stream.next_event(""))
    assert received[0] == received[1]
    assert "for @ben, again" not in received[0][0].data


def test_a_change_replaces_only_the_message_not_its_row_or_open_forms(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    message = post(room, ada, "first")
    stream = listen(ben, room)
    message.edit("second")
    edited = stream.next_event("").data
    assert replaced(message) in edited
    assert "second" in edited
    message.remove()
    removed = stream.next_event("").data
    assert replaced(message) in removed
    assert gettext("Message removed") in removed
    for html in (edited, removed):
        assert "hx-upsert" not in html
        assert 'class="slot"' not in html


def test_a_pin_arrives_and_open_pages_load_their_head_again(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    message = post(room, ada, "first")
    stream = listen(ben, room)
    pin(message, ada)
    stream.next_event("conversation")
    pinned = stream.next_event("").data
    assert replaced(message) in pinned
    assert 'class="pinned"' in pinned
    message.remove()
    stream.next_event("conversation")
    assert 'class="pinned"' not in stream.next_event("").data


def test_reply_triggers_its_thread_and_updates_its_root(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    root = post(room, ada, "root")
    stream = listen(ben, room)
    reply = post(room, ada, "only in the thread", parent=root)
    assert stream.next_event(f"thread-{root.pk}").cursor is None
    swap = stream.next_event("").data
    assert replaced(root) in swap
    assert 'class="summary"' in swap
    assert ngettext("%(number)d reply", "%(number)d replies", 1) % {"number": 1} in swap
    reply.edit("still only there")
    stream.next_event(f"thread-{root.pk}")
    reply.remove()
    stream.next_event(f"thread-{root.pk}")
    assert 'class="summary"' not in stream.next_event("").data
    assert b"in the thread" not in stream.raw
    assert b"only there" not in stream.raw


def test_the_event_with_the_cursor_is_the_last(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    root = post(room, ada, "root")
    cursor = cursor_at(room)
    post(room, ada, "reply", parent=root)
    stream = listen(ben, room, cursor=cursor)
    mine = [event for event in stream.events if event.name in ("", f"thread-{root.pk}")]
    assert [event.name for event in mine] == [f"thread-{root.pk}", ""]


def test_the_page_without_a_conversation_gets_no_message(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    stream = listen(ben)
    post(room, ada, "canary")
    stream.next_event("badges")
    Message.unread_messages.mark_as_read_for_user(ben)
    assert stream.next_event("badges").json["unread"] == 0
    assert b"canary" not in stream.raw


def test_other_changes_of_a_conversation_are_streamed_without_content(
    room: Conversation, ben: User, stranger: User, listen: Listen
) -> None:
    stream = listen(ben, room)
    add(room, stranger)
    stream.next_event("conversation")
    assert stream.swaps() == []


def test_change_is_streamed_by_the_regular_check_when_no_wakeup_arrives(
    delivery: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    stream = listen(ben, room)
    message = post(room, ada, "with or without a wake-up")
    assert upserted(message) in stream.next_event("").data


def test_the_streams_of_an_erased_conversation_are_ended(
    delivery: str, ada: User, ben: User, listen: Listen
) -> None:
    direct = Conversation.objects.direct(ada, ben)
    stream = listen(ben, direct)
    ada.delete()
    # Her name goes first, the conversation later. If a check comes in between, a `reset` tells the page to
    # load its list again.
    stream.until(lambda: stream.is_over or "reset" in {event.name for event in stream.events})
    assert stream.events[-1].name == "removed" or not stream.is_over
    assert listen(ben, direct.pk).status == 404
