"""A person's own events: badges and places say what the sidebar would say, in every tab of theirs."""

from typing import Any

import pytest

from messaging.models import Conversation, Membership, Message, User
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave
from tests.factories import RoomFactory, UserFactory
from tests.live.conftest import Listen
from tests.live.ears import Ear

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.backends]


def badges_of(user: User) -> dict[str, int]:
    """What a fresh page would show."""
    return {str(pk): entry.unread for pk, entry in sidebar_of(user).entries.items() if entry.unread}


def until_fresh(ear: Ear, user: User) -> Any:
    """The badges once they are what a fresh page shows."""
    told = [event for event in ear.events if event.name == "badges"][-1]
    while told.json["conversations"] != badges_of(user):
        told = ear.heard("badges")
    return told.json


def test_badges_rise_and_fall_in_two_tabs_alike(
    told: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    tabs = [listen(ben), listen(ben, room)]
    for number in range(3):
        post(room, ada, f"message {number}")
    for tab in tabs:
        assert until_fresh(tab, ben)["conversations"] == {str(room.pk): 3}
    Message.unread_messages.mark_as_read_for_user(ben)
    for tab in tabs:
        assert until_fresh(tab, ben) == {
            "conversations": {},
            "personal": 0,
            "replies": 0,
            "title_count": 0,
            "unread": 0,
        }


def test_on_coming_they_are_what_a_fresh_page_shows(
    room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    root = post(room, ben, "root")
    post(room, ada, "said")
    post(room, ada, "answered", parent=root)
    post(Conversation.objects.direct(ada, ben), ada, "direct")
    for _ in range(2):  # the second one from what the process knows
        badges = [event for event in listen(ben).events if event.name == "badges"][-1].json
        assert badges.pop("conversations") == badges_of(ben)
        assert badges == {"unread": 3, "replies": 1, "personal": 2, "title_count": 3}


def test_ones_own_messages_never_count(room: Conversation, ada: User, ben: User, listen: Listen) -> None:
    hers, his = listen(ada, room), listen(ben)
    post(room, ada, "hers")
    his.heard("badges")
    post(room, ben, "his, for @ada")
    told = hers.heard("badges").json
    assert (told["unread"], told["personal"]) == (1, 1)


def test_they_are_counted_up_to_a_hundred(room: Conversation, ada: User, ben: User, listen: Listen) -> None:
    for number in range(101):
        post(room, ada, f"message {number}")
    ear = listen(ben)
    assert until_fresh(ear, ben)["conversations"] == {str(room.pk): 100}


def test_one_query_counts_for_everybody(
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
    ears = [listen(other) for other in others]
    monkeypatch.setattr(people, "unread_of", spy)
    post(room, ada, "to all")
    for ear in ears:
        assert ear.heard("badges").json["unread"] == 1
    assert asked == [(set(), {room.pk}, {other.pk for other in others})]


def test_reading_by_others_is_not_streamed(
    room: Conversation, ada: User, ben: User, stranger: User, listen: Listen
) -> None:
    add(room, stranger)
    post(room, ada, "for both")
    ear, readers = listen(ben), listen(stranger)
    Message.unread_messages.mark_as_read_for_user(stranger)
    assert readers.heard("badges").json["unread"] == 0
    post(room, ada, "for both again")
    assert ear.heard("badges").json["unread"] == 2


def places_in(ear: Ear) -> list[int]:
    return list(ear.heard("sidebar").json["conversations"])


def test_added_and_removed_elsewhere_shows_in_the_sidebar(
    told: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    ear = listen(ben)
    other = RoomFactory.create(by=ada)
    add(other, ben)
    assert places_in(ear) == sorted([room.pk, other.pk])
    post(other, ada, "now his too")
    assert until_fresh(ear, ben)["conversations"] == {str(other.pk): 1}
    leave(other, ben)
    assert places_in(ear) == [room.pk]
    assert until_fresh(ear, ben)["conversations"] == {}


def test_a_first_direct_message_brings_its_conversation(
    told: str, ada: User, ben: User, listen: Listen
) -> None:
    ear = listen(ben)
    message = Message.objects.create(sender=ada, receiver=ben, content="Hello")
    assert places_in(ear) == [message.conversation_id]
    assert until_fresh(ear, ben)["personal"] == 1


def test_a_conversation_that_is_erased_goes_from_the_sidebar(
    told: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    ear = listen(ben)
    Conversation.objects.direct(ada, ben)
    assert len(places_in(ear)) == 2
    ada.delete()
    while places_in(ear) != [room.pk]:
        pass


def test_star_and_new_room_name_are_streamed(
    told: str, room: Conversation, ada: User, ben: User, listen: Listen
) -> None:
    ear = listen(ben)
    Membership.objects.filter(user=ben).update(is_starred=True)
    User.objects.filter(pk=ben.pk).raise_version()
    assert ear.heard("sidebar").json == {"conversations": [room.pk], "renamed": True}
    with room.writing(name="Harbour Master"):
        pass
    assert ear.heard("sidebar").json == {"conversations": [room.pk], "renamed": True}
