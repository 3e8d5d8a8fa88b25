"""Reactions are set, taken back and removed with their message at the same time."""

from functools import partial

import pytest

from messaging.models import Conversation, Message, Reaction, User
from messaging.models.messages.reacting import MOST_KINDS, react, unreact
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave
from messaging.text.emoji_choice import every_emoji
from tests.races.racing import FEWER_ROUNDS, ROUNDS, THREADS, Racers, outcome_name
from tests.races.soundness import assert_no_gap
from tests.races.test_changing import copy_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_reaction_from_many_tabs_is_one(
    racers: Racers, room: Conversation, ada: User, ben: User
) -> None:
    message = post(room, ada, "words")
    acts = [partial(react, copy_of(message), ada, "🎉") for _ in range(THREADS - 1)]
    assert {outcome_name(one) for one in racers.run(*acts, partial(react, copy_of(message), ben, "🎉"))} == {
        "done"
    }
    assert sorted(Reaction.objects.values_list("user", flat=True)) == sorted([ada.pk, ben.pk])
    assert copy_of(message).version == copy_of(message).conversation.version == message.version + 2


def test_of_setting_and_taking_back_the_later_one_holds(
    racers: Racers, room: Conversation, ada: User
) -> None:
    changes = 0
    for number, race in enumerate(racers.rounds(ROUNDS)):
        message = post(room, ada, f"words {number}")
        got = race.run(
            partial(react, copy_of(message), ada, "🎉"), partial(unreact, copy_of(message), ada, "🎉")
        )
        assert [outcome_name(one) for one in got] == ["done", "done"]
        is_set = Reaction.objects.filter(message=message).exists()
        assert ("gone" if not is_set else "set") in race.by_order("gone", "set")
        changes += 1 if is_set else 2
        newest = max(one.version for one in got)
        assert copy_of(message).version == newest
    assert_no_gap(room, sent=ROUNDS, other_changes=changes)


def test_no_reaction_stays_on_a_removed_message(racers: Racers, room: Conversation, ada: User) -> None:
    set_first = 0
    for number, race in enumerate(racers.rounds(ROUNDS)):
        message = post(room, ada, f"words {number}")
        reacted, removed = race.run(partial(react, copy_of(message), ada, "🎉"), copy_of(message).remove)
        assert outcome_name(removed) == "done"
        assert outcome_name(reacted) in race.by_order("done", "removed")
        assert not Reaction.objects.exists()
        set_first += outcome_name(reacted) == "done"
    assert_no_gap(room, sent=ROUNDS, other_changes=ROUNDS + set_first)


def test_who_has_left_does_not_react(racers: Racers, room: Conversation, ada: User, ben: User) -> None:
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS)):
        message = post(room, ada, f"words {number}")
        reacted, left = race.run(partial(react, copy_of(message), ben, "🎉"), partial(leave, room, ben))
        assert outcome_name(left) == "done"
        assert outcome_name(reacted) in race.by_order("done", "editor")
        add(room, ben)


def test_the_last_place_for_a_kind_is_given_once(
    racers: Racers, room: Conversation, ada: User, ben: User
) -> None:
    *known, one, other = every_emoji()[: MOST_KINDS + 1]
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS)):
        message = post(room, ada, f"words {number}")
        rows = [Reaction(message=message, user=ada, emoji=emoji, chosen=emoji) for emoji in known]
        Reaction.objects.bulk_create(rows)
        got = race.run(
            partial(react, copy_of(message), ada, one), partial(react, copy_of(message), ben, other)
        )
        outcomes = [outcome_name(outcome) for outcome in got]
        assert sorted(outcomes) == ["done", "kinds"]
        assert Message.rows.get(pk=message.pk).reactions.count() == MOST_KINDS
        assert ["one", "other"][outcomes.index("done")] in race.by_order("one", "other")
