"""Badges and sidebar events match the sidebar of a new page, in every tab."""

from typing import Any

import pytest

from messaging.models import Conversation, Message, User
from messaging.models.inbox.reminders import dismiss, remind_again
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave
from tests.factories import UserFactory
from tests.live.conftest import Listen
from tests.live.stream_client import StreamClient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


def badges_of(user: User) -> dict[str, int]:
    """The badges of a new page."""
    return {str(pk): entry.unread for pk, entry in sidebar_of(user).entries.items() if entry.unread}


def current_badges(stream: StreamClient, user: User) -> Any:
    """Waits until the badges are those of a new page; returns them."""
    badges = [event for event in stream.events if event.name == "badges"][-1]
    while badges.json["conversations"] != badges_of(user):
        badges = stream.next_event("badges")
    return badges.json


def test_badges_are_equal_in_two_tabs(
    delivery: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    tabs = [listen(ben), listen(ben, room)]
    for number in range(3):
        post(room, ada, f"message {number}")
    for tab in tabs:
        assert current_badges(tab, ben)["conversations"] == {str(room.pk): 3}
    Message.unread_messages.mark_as_read_for_user(ben)
    for tab in tabs:
        assert current_badges(tab, ben) == {
            "conversations": {},
            "for_me": [],
            "personal": 0,
            "replies": 0,
            "reminders": 0,
            "title_count": 0,
            "unread": 0,
        }


def test_the_first_badges_of_a_stream_match_a_new_page(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    root = post(room, ben, "root")
    post(room, ada, "said")
    post(room, ada, "answered", parent=root)
    post(Conversation.objects.direct(ada, ben), ada, "direct")
    for _ in range(2):  # the second time from the counts that the process has stored
        badges = [event for event in listen(ben).events if event.name == "badges"][-1].json
        assert badges.pop("conversations") == badges_of(ben)
        for_me = [entry.conversation.pk for entry in sidebar_of(ben).in_order if entry.is_for_me]
        assert sorted(badges.pop("for_me")) == sorted(for_me) != []
        assert badges == {"unread": 3, "replies": 1, "personal": 2, "reminders": 0, "title_count": 3}


def test_somebody_who_is_in_no_conversation_gets_the_number_of_their_reminders(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    message = post(room, ada, "said")
    remind_again(ben, message)
    stream = listen(ben)
    leave(room, ben)
    badges = [event for event in stream.events if event.name == "badges"][-1].json
    while badges["conversations"] != {} or badges["unread"]:
        badges = stream.next_event("badges").json
    assert (badges["reminders"], badges["personal"], badges["title_count"]) == (1, 1, 1)
    assert (sidebar_of(ben).reminders, sidebar_of(ben).personal) == (1, 1)
    dismiss(ben.reminders.get())
    assert stream.next_event("badges").json["reminders"] == 0
    assert sidebar_of(ben).reminders == 0


def test_ones_own_messages_are_not_counted(room: Conversation, ada: User, ben: User, listen: Listen) -> None:
    hers, his = listen(ada, room), listen(ben)
    post(room, ada, "hers")
    his.next_event("badges")
    post(room, ben, "his, for @ada")
    badges = hers.next_event("badges").json
    assert (badges["unread"], badges["personal"]) == (1, 1)


def test_badges_are_counted_up_to_a_hundred(room: Conversation, ada: User, ben: User, listen: Listen) -> None:
    for number in range(101):
        post(room, ada, f"message {number}")
    stream = listen(ben)
    assert current_badges(stream, ben)["conversations"] == {str(room.pk): 100}


def test_one_query_counts_the_badges_of_all_readers(
    room: Conversation, ada: User, ben: User, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    from messaging.live import people

    asked: list[tuple[Any, ...]] = []
    count = people.unread_of

    def spy(*arguments: Any) -> Any:
        asked.append(arguments)
        return count(*arguments)

    others = UserFactory.create_batch(5)
    for other in others:
        add(room, other)
    streams = [listen(other) for other in others]
    monkeypatch.setattr(people, "unread_of", spy)
    post(room, ada, "to all")
    for stream in streams:
        assert stream.next_event("badges").json["unread"] == 1
    assert asked == [(set(), {room.pk}, {other.pk for other in others})]


def test_read_marks_of_others_are_not_streamed(
    room: Conversation, ada: User, ben: User, stranger: User, listen: Listen
) -> None:
    add(room, stranger)
    post(room, ada, "for both")
    stream, readers = listen(ben), listen(stranger)
    Message.unread_messages.mark_as_read_for_user(stranger)
    assert readers.next_event("badges").json["unread"] == 0
    post(room, ada, "for both again")
    assert stream.next_event("badges").json["unread"] == 2


def test_a_stream_without_a_conversation_gets_the_badges_also_if_only_a_list_changed(
    delivery: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    message = post(room, ada, "High water at nine")
    lists, page = listen(ben), listen(ben, room)
    unchanged = current_badges(lists, ben)
    message.edit("High water at ten", by=ada)
    assert lists.next_event("badges").json == unchanged
    ada.display_name = "Ada King"
    ada.save()
    assert lists.next_event("badges").json == unchanged
    post(room, ada, "Low water at three")
    assert page.next_event("badges").json["unread"] == 2  # the first since the stream was opened
