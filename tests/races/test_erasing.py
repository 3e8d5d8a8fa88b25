"""The erasure of a person against everything that others, and they themselves, do at that moment."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db.models import Q

from messaging.models import Conversation, Membership, Mention, Message, Notification, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.factories import UserFactory
from tests.races.racing import FEWER_ROUNDS, ROUNDS, Racers, told

pytestmark = pytest.mark.django_db(transaction=True)

Race = tuple[list[User], list[Callable[[], Any]]]


@pytest.fixture
def other_room(ada: User, ben: User) -> Conversation:
    room = Conversation.objects.create_room("other", by=ada)
    add(room, ben)
    return room


@pytest.fixture
def erasures(racers: Racers) -> Callable[..., list[set[str]]]:
    """Runs rounds of `prepare(number)`, which gives people to erase and what is done meanwhile.

    Returns what came of each act, over all rounds.
    """

    def erasures(prepare: Callable[[int], Race], rounds: int = ROUNDS) -> list[set[str]]:
        ids: list[int] = []
        seen: list[set[str]] = []
        for number in range(rounds):
            people, acts = prepare(number)
            ids += [person.pk for person in people]
            outcomes = racers.run(*[person.delete for person in people], *acts)
            for outcome in outcomes[: len(people)]:
                assert told(outcome) == "done", outcome
            seen = seen or [set() for _ in acts]
            for words, outcome in zip(seen, outcomes[len(people) :], strict=True):
                words.add(told(outcome))
        assert_nothing_left(ids)
        return seen

    return erasures


def leaving(name: str, *places: Conversation) -> User:
    """Somebody who is in these rooms, and whose end has come."""
    person = UserFactory.create(username=f"leaving-{name}")
    Membership.objects.bulk_create(Membership(conversation=place, user=person) for place in places)
    return person


def copy_of(user: User) -> User:
    """As another request would have it."""
    return User.objects.get(pk=user.pk)


def direct(sender: User, receiver: User) -> Callable[[], None]:
    """The sending of a direct message."""
    return Message(sender=sender, receiver=receiver, content="planted").save


def assert_nothing_left(ids: list[int]) -> None:
    assert not User.objects.filter(pk__in=ids).exists()
    assert not Message.rows.filter(Q(sender__in=ids) | Q(receiver__in=ids)).exists()
    for model in (Membership, Notification, Mention):
        assert not model.objects.filter(user__in=ids).exists()
    assert not Conversation.objects.filter(kind="direct").exists()
    assert not Message.rows.filter(content__contains="planted").exists()
    assert not Message.rows.filter(content_html__contains="mention").exists()


def test_against_their_send_a_message_to_them_and_a_mention_of_them(
    erasures: Callable[..., list[set[str]]], room: Conversation, ada: User, ben: User
) -> None:
    def prepare(number: int) -> Race:
        person = leaving(str(number), room)
        direct(ada, person)()
        return [person], [
            partial(post, room, copy_of(person), "planted"),
            direct(ada, copy_of(person)),
            partial(post, room, ben, f"Where is @{person.username}?"),
        ]

    sent, received, mentioned = erasures(prepare)
    assert sent == {"done", "sender"}
    assert received == {"done", "Conversation.DoesNotExist"}
    assert mentioned == {"done"}
    assert Message.objects.filter(sender=ben, content__contains="@leaving").count() == ROUNDS


def test_against_a_new_name_a_first_direct_message_and_a_place_elsewhere(
    erasures: Callable[..., list[set[str]]], room: Conversation, ada: User, ben: User
) -> None:
    def prepare(number: int) -> Race:
        person = leaving(str(number))
        group = partial(Conversation.objects.create_group, ada, [copy_of(person)])
        renamed = copy_of(person)
        renamed.display_name = "Planted"
        added = partial(add, room, copy_of(person))
        return [person], [renamed.save, direct(copy_of(person), ben), added, group]

    saved, sent, added, grouped = erasures(prepare, FEWER_ROUNDS)
    # Between the making of the conversation and the send it may go again: both are told as "gone".
    assert sent <= {"done", "User.DoesNotExist", "Conversation.DoesNotExist"}
    assert saved | added | grouped == {"done", "User.DoesNotExist"}  # which of them came too late, is chance


def test_against_an_answer_to_them_and_the_removal_of_one(
    erasures: Callable[..., list[set[str]]], room: Conversation, ada: User
) -> None:
    def prepare(number: int) -> Race:
        person = leaving(str(number), room)
        root = post(room, person, "planted")
        answer = post(room, ada, "answer", parent=root)
        return [person], [partial(post, room, ada, "another", parent=root), answer.remove]

    answered, removed = erasures(prepare, FEWER_ROUNDS)
    assert "done" in answered
    assert answered <= {"done", "parent"}
    assert removed <= {"done", "Message.DoesNotExist"}


def test_against_the_reading_of_what_they_wrote(
    erasures: Callable[..., list[set[str]]],
    room: Conversation,
    other_room: Conversation,
    ada: User,
    ben: User,
) -> None:
    def prepare(number: int) -> Race:
        person = leaving(str(number), room, other_room)
        direct(person, ben)()
        # In turn, so that neither room's messages all come before the other's.
        for place in (room, other_room, room):
            post(place, person, "planted")
        return [person], [partial(Message.unread_messages.mark_as_read_for_user, who) for who in (ada, ben)]

    assert erasures(prepare, FEWER_ROUNDS) == [{"done"}, {"done"}]


def test_two_at_once_who_share_conversations(
    erasures: Callable[..., list[set[str]]], room: Conversation
) -> None:
    def prepare(number: int) -> Race:
        one, other = (leaving(f"{number}.{this}", room) for this in range(2))
        direct(one, other)()
        root = post(room, one, f"planted for @{other.username}")
        post(room, other, f"planted for @{one.username}", parent=root)
        return [one, other], []

    erasures(prepare, FEWER_ROUNDS)
    assert not Message.rows.exists()


def test_several_by_a_queryset_against_one_who_is_with_each_of_them(
    erasures: Callable[..., list[set[str]]], room: Conversation, other_room: Conversation
) -> None:
    several: list[int] = []

    def prepare(number: int) -> Race:
        # The first is in the newer room: one after the other would lock against the order of the ids.
        first, second = leaving(f"{number}.1", other_room), leaving(f"{number}.2", room)
        both = leaving(f"{number}.3", room, other_room)
        several.extend([first.pk, second.pk])
        return [both], [User.objects.filter(pk__in=[first.pk, second.pk]).delete]

    assert erasures(prepare, FEWER_ROUNDS) == [{"done"}]
    assert_nothing_left(several)


def test_the_same_person_twice(racers: Racers, room: Conversation) -> None:
    for number in range(FEWER_ROUNDS):
        person = leaving(str(number), room)
        post(room, person, "planted")
        got = racers.run(copy_of(person).delete, copy_of(person).delete)
        assert sorted(told(one) for one in got) == ["User.DoesNotExist", "done"]
        assert_nothing_left([person.pk])
