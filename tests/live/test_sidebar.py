"""Changes of the sidebar are streamed: the conversations that it lists, their order and their names."""

import pytest

from messaging.models import Conversation, Message, User
from messaging.models.inbox.sections import arrange, create_section, fold_section
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave
from tests.factories import RoomFactory, UserFactory
from tests.live.conftest import Listen
from tests.live.stream_client import StreamClient
from tests.live.test_badges import current_badges
from tests.waiting import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


def next_sidebar(stream: StreamClient) -> list[int]:
    return list(stream.next_event("sidebar").json["conversations"])


def test_joined_and_left_rooms_are_streamed_to_the_sidebar(
    delivery: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    stream = listen(ben)
    other = RoomFactory.create(by=ada)
    add(other, ben)
    assert next_sidebar(stream) == sorted([room.pk, other.pk])
    post(other, ada, "now his too")
    assert current_badges(stream, ben)["conversations"] == {str(other.pk): 1}
    leave(other, ben)
    assert next_sidebar(stream) == [room.pk]
    assert current_badges(stream, ben)["conversations"] == {}


def test_a_first_direct_message_adds_its_conversation(
    delivery: str, ada: User, ben: User, listen: Listen
) -> None:
    stream = listen(ben)
    message = Message.objects.create(sender=ada, receiver=ben, content="Hello")
    assert next_sidebar(stream) == [message.conversation_id]
    assert current_badges(stream, ben)["personal"] == 1


def test_an_erased_conversation_is_removed_from_the_sidebar(
    delivery: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    stream = listen(ben)
    Conversation.objects.direct(ada, ben)
    assert len(next_sidebar(stream)) == 2
    ada.delete()
    while next_sidebar(stream) != [room.pk]:
        pass


def test_star_and_new_room_name_are_streamed(
    delivery: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    stream = listen(ben)
    (opened,) = (event.json for event in stream.events if event.name == "sidebar")
    arrange(ben, room, is_starred=True)
    starred = stream.next_event("sidebar").json
    with room.writing(name="Harbour Master"):
        pass
    renamed = stream.next_event("sidebar").json
    assert opened["conversations"] == starred["conversations"] == renamed["conversations"] == [room.pk]
    assert len({opened["state"], starred["state"], renamed["state"]}) == 3


def test_a_new_stream_tells_whether_the_sidebar_is_as_it_was(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    def state() -> str:
        (shown,) = (event.json for event in listen(ben).events if event.name == "sidebar")
        return str(shown["state"])

    before = state()
    post(room, ada, "Nothing of this is in the state")
    assert state() == before
    with room.writing(name="Harbour Master"):
        pass
    until(lambda: state() != before)  # a process that has not looked yet tells the earlier one, and then this


def test_each_change_of_the_sidebars_order_is_streamed(
    delivery: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    direct = [
        Message.objects.create(sender=ada, receiver=one, content="Hi").conversation
        for one in (ben, UserFactory.create())
    ]
    everything = sorted([room.pk, *(one.pk for one in direct)])
    section = create_section(ada, "Work")
    stream = listen(ada)
    states = [event.json["state"] for event in stream.events if event.name == "sidebar"]
    for change in (
        lambda: arrange(ada, room, section=section.pk),
        lambda: fold_section(ada, section.key, is_folded=True),
        lambda: arrange(ada, room, notification_level="muted"),
        lambda: post(direct[0], ada, "Now the latest"),
    ):
        change()
        shown = stream.next_event("sidebar").json
        assert shown["conversations"] == everything
        assert shown["state"] not in states
        states.append(shown["state"])


def test_a_hidden_conversation_leaves_the_sidebar_until_something_new_is_said(
    delivery: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    direct = Message.objects.create(sender=ada, receiver=ben, content="Hi").conversation
    stream = listen(ada)
    direct.refresh_from_db()
    arrange(ada, direct, hidden_at=direct.last_message_at)
    assert next_sidebar(stream) == [room.pk]
    post(direct, ben, "Are you there?")
    assert next_sidebar(stream) == sorted([room.pk, direct.pk])
