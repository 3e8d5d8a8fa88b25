"""Operators of a search: is:, has:, from:, in: and the others, and dates."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from messaging.models import Conversation, Message, User
from messaging.models.inbox.later import put_off
from messaging.models.inbox.places import Place
from messaging.models.messages.pinning import pin
from messaging.models.messages.polls import NewPoll
from messaging.models.messages.reacting import react, unreact
from messaging.models.messages.saving import post
from tests.factories import RoomFactory
from tests.models.search.test_searching import found, write

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


def test_what_is_pinned_and_what_was_put_off_is_found(room: Conversation, ada: User, ben: User) -> None:
    one, two, _three = (post(room, ada, word) for word in ("one", "two", "three"))
    pin(one, ada)
    assert found(ben, "is:pinned") == ["one"]
    last = ben.notifications.get(message=two).pk
    put_off(ben, Place(room.pk), timezone.now() + timedelta(hours=1), last)
    assert sorted(found(ben, "is:later")) == ["one", "two"]
    assert found(ada, "is:later") == []
    assert found(ben, "is:later -is:pinned") == ["two"]


def test_messages_with_reactions_are_found(room: Conversation, ada: User, ben: User) -> None:
    write(room, ben, ["one", "two", "three"])
    for text in ("one", "three"):
        react(Message.objects.get(content=text), ada, "🎉")
    unreact(Message.objects.get(content="three"), ada, "🎉")
    assert found(ada, "has:reaction") == ["one"]
    assert sorted(found(ada, "-has:reaction")) == ["three", "two"]
    assert found(ada, "has:reaction two") == []


def test_polls_and_task_lists_are_found_until_they_are_none(room: Conversation, ada: User) -> None:
    poll = post(room, ada, "Lunch?", poll=NewPoll(("Soup", "Herring")))
    tasks = post(room, ada, "- [ ] tea")
    post(room, ada, '`<li dir="auto" class="task">`')
    assert found(ada, "has:poll") == found(ada, "has:poll herring") == ["Lunch?"]
    assert found(ada, "has:task") == ["- [ ] tea"]
    assert "Lunch?" not in found(ada, "-has:poll")
    poll.remove(by=ada)
    tasks.edit("tea")
    assert found(ada, "has:poll") == found(ada, "has:task") == []


def test_operators_filter_by_person_place_and_state(
    room: Conversation, ada: User, ben: User, cleo: User
) -> None:
    attic = RoomFactory.create(name="attic", by=ada, members=[ben])
    root, other = write(room, ben, ["one for @ada", "one"])
    post(room, cleo, "one reply", parent=root)
    post(attic, ada, "one above")
    Message.objects.create(sender=ben, receiver=ada, content="one in private")
    other.edit("one more")
    expected = {
        "one from:ben": ["one more", "one in private", "one for @ada"],
        "one from:me": ["one above"],
        "one -from:ben": ["one above", "one reply"],
        "one in:attic": ["one above"],
        "one in:#gard": ["one reply", "one more", "one for @ada"],
        "one in:@ben": ["one in private"],
        "one with:ben": ["one in private"],
        "one mentions:me": ["one for @ada"],
        "one to:me": ["one in private", "one for @ada"],
        "one is:edited": ["one more"],
        "one is:thread": ["one reply", "one for @ada"],
        "one is:mine": ["one above"],
        "one is:unread -from:cleo": ["one in private", "one more", "one for @ada"],
    }
    assert {typed: sorted(found(ada, typed)) for typed in expected} == {
        typed: sorted(texts) for typed, texts in expected.items()
    }


def test_dates_are_of_the_readers_time_zone(room: Conversation, ada: User, ben: User) -> None:
    with timezone.override("Pacific/Auckland"):  # twelve hours ahead of UTC, thirteen in summer
        noon = datetime(2026, 3, 14, 0, 30, tzinfo=timezone.get_current_timezone())
        for days in (-1, 0, 1):
            post(room, ben, f"day {days}", timestamp=noon + timedelta(days=days))
        assert found(ada, "day on:2026-03-14") == ["day 0"]
        assert found(ada, "day before:2026-03-14") == ["day -1"]
        assert found(ada, "day after:2026-03-14") == ["day 1"]
        assert found(ada, "day -on:2026-03-14") == ["day 1", "day -1"]
        assert len(found(ada, "day during:2026-03")) == 3


def test_a_part_of_a_name_that_is_the_readers_too_means_the_others(
    room: Conversation, ada: User, ben: User, cleo: User
) -> None:
    for person in (ada, ben):
        person.display_name = f"{person.username} Miller"
        person.save()
    Message.objects.create(sender=ada, receiver=cleo, content="one for cleo")
    Message.objects.create(sender=ada, receiver=ben, content="one for ben")
    assert found(ada, "one with:miller") == ["one for ben"]
    assert found(ada, "one in:@") == []
