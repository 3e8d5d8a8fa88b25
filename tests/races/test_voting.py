"""Votes are set, taken back and removed with their message at the same time."""

from functools import partial

import pytest

from messaging.models import Conversation, Message, PollVote, User
from messaging.models.messages.polls import NewPoll
from messaging.models.messages.saving import post
from messaging.models.messages.voting import end_poll, unvote, vote
from tests.races.racing import FEWER_ROUNDS, THREADS, Racers, outcome_name
from tests.races.soundness import assert_no_gap
from tests.races.test_changing import copy_of

pytestmark = pytest.mark.django_db(transaction=True)


def poll_in(room: Conversation, by: User) -> tuple[Message, list[int]]:
    message = post(room, by, "Lunch?", poll=NewPoll(("Soup", "Herring")))
    return message, list(message.poll_choices.order_by("pk").values_list("pk", flat=True))


def test_of_many_votes_at_once_for_one_choice_each_person_has_one(
    racers: Racers, room: Conversation, ada: User, ben: User
) -> None:
    message, (soup, herring) = poll_in(room, ada)
    acts = [partial(vote, copy_of(message), ada, [soup, herring][one % 2]) for one in range(THREADS - 1)]
    got = racers.run(*acts, partial(vote, copy_of(message), ben, soup))
    assert {outcome_name(one) for one in got} == {"done"}
    assert sorted(PollVote.objects.values_list("user", flat=True)) == sorted([ada.pk, ben.pk])
    assert copy_of(message).version == copy_of(message).conversation.version


def test_a_vote_and_its_taking_back_leave_what_the_later_one_says(
    racers: Racers, room: Conversation, ada: User
) -> None:
    changes = 0
    for race in racers.rounds(FEWER_ROUNDS):
        message, (soup, _) = poll_in(room, ada)
        acts = [partial(act, copy_of(message), ada, soup) for act in (vote, unvote)]
        assert [outcome_name(one) for one in race.run(*acts)] == ["done", "done"]
        is_set = PollVote.objects.filter(message=message).exists()
        assert ("set" if is_set else "gone") in race.by_order("gone", "set")
        changes += 1 if is_set else 2
    assert_no_gap(room, sent=FEWER_ROUNDS, other_changes=changes)


def test_no_vote_stays_on_a_removed_message_or_comes_after_the_end(
    racers: Racers, room: Conversation, ada: User, ben: User
) -> None:
    for race in racers.rounds(FEWER_ROUNDS):
        message, (soup, _) = poll_in(room, ada)
        voted, removed = race.run(partial(vote, copy_of(message), ben, soup), copy_of(message).remove)
        assert outcome_name(removed) == "done"
        assert outcome_name(voted) in race.by_order("done", "removed")
        assert not PollVote.objects.exists()
        other, (soup, _) = poll_in(room, ada)
        voted, _ = race.run(partial(vote, copy_of(other), ben, soup), partial(end_poll, copy_of(other), ada))
        assert outcome_name(voted) in race.by_order("done", "ended")
        assert PollVote.objects.count() == (outcome_name(voted) == "done")
        copy_of(other).remove()
