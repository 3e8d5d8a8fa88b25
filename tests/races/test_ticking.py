"""Tasks are ticked, unticked, edited and removed at the same time."""

from functools import partial

import pytest

from messaging.models import Conversation, Message, Tick, User
from messaging.models.messages.saving import post
from messaging.models.messages.ticking import let_all_tick, tick, untick
from messaging.text.tasks import tasks_in
from tests.races.racing import FEWER_ROUNDS, THREADS, Racers, outcome_name
from tests.races.soundness import assert_no_gap
from tests.races.test_changing import copy_of

pytestmark = pytest.mark.django_db(transaction=True)


def shared_list(room: Conversation, by: User, items: int) -> tuple[Message, list[str]]:
    message = post(room, by, "\n".join(f"- [ ] item {number}" for number in range(items)))
    let_all_tick(message, by, all_may=True)
    return message, [task.key for task in tasks_in(message.content_html)]


def done(message: Message) -> list[bool]:
    return [task.is_done for task in tasks_in(copy_of(message).content_html)]


def test_of_many_ticks_at_once_none_is_lost(racers: Racers, room: Conversation, ada: User, ben: User) -> None:
    message, keys = shared_list(room, ada, THREADS)
    acts = [partial(tick, copy_of(message), [ada, ben][at % 2], key) for at, key in enumerate(keys)]
    assert {outcome_name(one) for one in racers.run(*acts)} == {"done"}
    assert done(message) == [True] * THREADS
    assert Tick.objects.count() == THREADS
    assert copy_of(message).version == copy_of(message).conversation.version


def test_a_tick_and_an_untick_leave_what_the_later_one_says(
    racers: Racers, room: Conversation, ada: User, ben: User
) -> None:
    changes = 0
    for race in racers.rounds(FEWER_ROUNDS):
        message, [key] = shared_list(room, ada, 1)
        acts = [partial(tick, copy_of(message), ben, key), partial(untick, copy_of(message), ada, key)]
        assert [outcome_name(one) for one in race.run(*acts)] == ["done", "done"]
        [is_done] = done(message)
        assert ("set" if is_done else "gone") in race.by_order("gone", "set")
        assert Tick.objects.filter(message=message).exists() == is_done
        changes += 2 if is_done else 3  # with the one that let everybody tick
    assert_no_gap(room, sent=FEWER_ROUNDS, other_changes=changes)


def test_a_tick_beside_an_edit_and_a_removal_is_kept_or_refused(
    racers: Racers, room: Conversation, ada: User, ben: User
) -> None:
    for race in racers.rounds(FEWER_ROUNDS):
        message, [key, _] = shared_list(room, ada, 2)
        edit = partial(copy_of(message).edit, "- [ ] item 0\n- [ ] new words")
        ticked, edited = race.run(partial(tick, copy_of(message), ben, key), edit)
        assert [outcome_name(ticked), outcome_name(edited)] == ["done", "done"]
        assert done(message) == [True, False]
        assert "new words" in copy_of(message).content_html
        again = tasks_in(copy_of(message).content_html)[1].key
        ticked, removed = race.run(partial(tick, copy_of(message), ben, again), copy_of(message).remove)
        assert outcome_name(removed) == "done"
        assert outcome_name(ticked) in race.by_order("done", "removed")
        assert not Tick.objects.exists()
