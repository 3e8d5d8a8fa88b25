"""Sends against sends, and a send against the end of its sender's membership."""

from functools import partial
from uuid import uuid4

import pytest

from messaging.models import Conversation, Membership, Message, Notification, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave
from tests.races.racing import FEWER_ROUNDS, ROUNDS, THREADS, Racers, outcome_name
from tests.races.soundness import assert_no_gap

pytestmark = pytest.mark.django_db(transaction=True)


def again(model_instance: Conversation) -> Conversation:
    """A separate instance, as another request would load it."""
    return Conversation.objects.get(pk=model_instance.pk)


def test_ten_requests_with_the_same_client_id_send_one_message(
    racers: Racers, room: Conversation, ada: User
) -> None:
    for number, race in enumerate(racers.rounds(ROUNDS, acts=1)):
        send = partial(post, room, ada, f"words {number}", client_id=uuid4())
        got = race.run(*[send] * THREADS)
        assert {outcome_name(one) for one in got} == {"done"}
        assert {(one.pk, one.content) for one in got} == {(got[0].pk, f"words {number}")}
    assert Message.objects.count() == ROUNDS
    assert Notification.objects.count() == 2 * ROUNDS
    assert_no_gap(room, sent=ROUNDS, other_changes=0)


def test_ten_sends_at_once_get_ten_seqs(racers: Racers, room: Conversation, ada: User, ben: User) -> None:
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS, acts=1)):
        sends = [
            partial(post, again(room), (ada, ben)[lane % 2], f"{number}.{lane}") for lane in range(THREADS)
        ]
        got = race.run(*sends)
        assert {outcome_name(one) for one in got} == {"done"}
    assert_no_gap(room, sent=FEWER_ROUNDS * THREADS, other_changes=0)


def test_nothing_is_sent_after_the_membership_has_ended(
    racers: Racers, room: Conversation, ada: User, ben: User
) -> None:
    for number, race in enumerate(racers.rounds(ROUNDS)):
        send = partial(post, again(room), ben, f"words {number}, @ada")
        end = partial(leave, again(room), ben)
        sent, ended = race.run(send, end)
        room.refresh_from_db()
        assert outcome_name(ended) == "done"
        assert outcome_name(sent) in race.by_order("done", "sender")
        if outcome_name(sent) == "done":
            assert sent.seq < room.members_version
        assert not Membership.objects.filter(conversation=room, user=ben).exists()
        add(room, ben)
    assert_no_gap(room, sent=Message.objects.count(), other_changes=2 * ROUNDS)


def test_member_removed_while_a_message_arrives_keeps_no_notification(
    racers: Racers, room: Conversation, ada: User, ben: User
) -> None:
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS)):
        got = race.run(partial(post, again(room), ada, f"@ben {number}"), partial(leave, again(room), ben))
        assert {outcome_name(one) for one in got} <= {"done"}
        assert not Notification.objects.filter(user=ben).exists()
        add(room, ben)
