"""The erasure of a person at the same time as actions by others and by the person themselves."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

import pytest
from django.db.models import Q

from messaging.models import Conversation, Membership, Mention, Message, Notification, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.factories import UserFactory
from tests.races.racing import FEWER_ROUNDS, ROUNDS, WRITTEN, Racers, outcome_name

pytestmark = pytest.mark.django_db(transaction=True)

Meanwhile = tuple[list[User], list[Callable[[], Any]]]
Erasures = Callable[..., None]
# The person no longer exists, or the conversation with them.
GONE = {"Gone"}


@pytest.fixture
def other_room(ada: User, ben: User) -> Conversation:
    room = Conversation.objects.create_room("other", by=ada)
    add(room, ben)
    return room


@pytest.fixture
def erasures(racers: Racers) -> Erasures:
    """Runs rounds of `prepare(number)`, which returns people to erase and the actions at the same time.

    `late` contains, for each action, the allowed outcomes if the erasure commits first. An action that
    commits first must succeed. `in_steps` contains further outcomes for actions with several transactions,
    since the erasure may come between them.
    """

    def erasures(
        prepare: Callable[[int], Meanwhile],
        late: Sequence[set[str]] = (),
        rounds: int = ROUNDS,
        people: int = 1,
        in_steps: Mapping[int, set[str]] = MappingProxyType({}),
    ) -> None:
        ids: list[int] = []
        for number, race in enumerate(racers.rounds(rounds, acts=people + len(late))):
            leavers, acts = prepare(number)
            ids += [person.pk for person in leavers]
            outcomes = [outcome_name(one) for one in race.run(*[person.delete for person in leavers], *acts)]
            assert outcomes[:people] == ["done"] * people
            for act, (outcome, refusals) in enumerate(zip(outcomes[people:], late, strict=True)):
                allowed = {"done"} | refusals | in_steps.get(act, set())
                if race.point == WRITTEN and race.first == 0:
                    allowed = refusals
                elif race.point == WRITTEN and race.first == people + act and act not in in_steps:
                    allowed = {"done"}
                assert outcome in allowed, (act, race.first, race.point)
        assert_nothing_left(ids)

    return erasures


def leaving(name: str, *places: Conversation) -> User:
    """A person in these rooms who is to be erased."""
    person = UserFactory.create(username=f"leaving-{name}")
    Membership.objects.bulk_create(Membership(conversation=place, user=person) for place in places)
    return person


def copy_of(user: User) -> User:
    """A separate instance, as another request would load it."""
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


def test_erasure_against_their_message_a_message_to_them_and_a_mention_of_them(
    erasures: Erasures, room: Conversation, ada: User, ben: User
) -> None:
    def prepare(number: int) -> Meanwhile:
        person = leaving(str(number), room)
        direct(ada, person)()
        return [person], [
            partial(post, room, copy_of(person), "planted"),
            direct(ada, copy_of(person)),
            partial(post, room, ben, f"Where is @{person.username}?"),
        ]

    erasures(prepare, late=[{"sender"}, GONE, {"done"}])
    assert Message.objects.filter(sender=ben, content__contains="@leaving").count() == ROUNDS


def test_erasure_against_a_rename_a_first_direct_message_and_new_memberships(
    erasures: Erasures, room: Conversation, ada: User, ben: User
) -> None:
    def prepare(number: int) -> Meanwhile:
        person = leaving(str(number))
        group = partial(Conversation.objects.create_group, ada, [copy_of(person)])
        renamed = copy_of(person)
        renamed.display_name = "Planted"
        added = partial(add, room, copy_of(person))
        return [person], [renamed.save, direct(copy_of(person), ben), added, group]

    # Between its creation and the send the conversation may be erased: the outcome of both is "Gone".
    erasures(
        prepare,
        late=[{"Gone"}] * 4,
        rounds=FEWER_ROUNDS,
        in_steps={1: GONE},
    )


def test_erasure_against_a_reply_to_them_and_the_removal_of_one(
    erasures: Erasures, room: Conversation, ada: User
) -> None:
    def prepare(number: int) -> Meanwhile:
        person = leaving(str(number), room)
        root = post(room, person, "planted")
        answer = post(room, ada, "answer", parent=root)
        return [person], [partial(post, room, ada, "another", parent=root), answer.remove]

    # After the removal the row is read again, and may be erased by then.
    erasures(prepare, late=[{"parent"}, {"done"}], rounds=FEWER_ROUNDS, in_steps={1: {"Gone"}})


def test_erasure_against_marking_their_messages_as_read(
    erasures: Erasures,
    room: Conversation,
    other_room: Conversation,
    ada: User,
    ben: User,
) -> None:
    def prepare(number: int) -> Meanwhile:
        person = leaving(str(number), room, other_room)
        direct(person, ben)()
        # In turn, so that neither room's messages all come before the other's.
        for place in (room, other_room, room):
            post(place, person, "planted")
        return [person], [partial(Message.unread_messages.mark_as_read_for_user, who) for who in (ada, ben)]

    erasures(prepare, late=[{"done"}, {"done"}], rounds=FEWER_ROUNDS)


def test_erasure_of_two_people_who_share_conversations(erasures: Erasures, room: Conversation) -> None:
    def prepare(number: int) -> Meanwhile:
        one, other = (leaving(f"{number}.{this}", room) for this in range(2))
        direct(one, other)()
        root = post(room, one, f"planted for @{other.username}")
        post(room, other, f"planted for @{one.username}", parent=root)
        return [one, other], []

    erasures(prepare, rounds=FEWER_ROUNDS, people=2)
    assert not Message.rows.exists()


def test_erasure_of_several_by_a_queryset_against_one_who_shares_a_room_with_each(
    erasures: Erasures, room: Conversation, other_room: Conversation
) -> None:
    several: list[int] = []

    def prepare(number: int) -> Meanwhile:
        # The first is in the newer room: one after the other would lock against the order of the ids.
        first, second = leaving(f"{number}.1", other_room), leaving(f"{number}.2", room)
        both = leaving(f"{number}.3", room, other_room)
        several.extend([first.pk, second.pk])
        return [both], [User.objects.filter(pk__in=[first.pk, second.pk]).delete]

    erasures(prepare, late=[{"done"}], rounds=FEWER_ROUNDS)
    assert_nothing_left(several)


def test_erasure_of_the_same_person_twice(racers: Racers, room: Conversation) -> None:
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS)):
        person = leaving(str(number), room)
        post(room, person, "planted")
        got = [outcome_name(one) for one in race.run(copy_of(person).delete, copy_of(person).delete)]
        assert sorted(got) == ["User.DoesNotExist", "done"]
        assert str(got.index("done")) in race.by_order("0", "1")
        assert_nothing_left([person.pk])
