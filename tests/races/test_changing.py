"""Edits, replies, removals and read marks of one message at the same time."""

from functools import partial

import pytest

from messaging.models import Conversation, Message, MessageHistory, Notification, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave
from tests.races.racing import FEWER_ROUNDS, ROUNDS, Racers, outcome_name
from tests.races.soundness import assert_no_gap

pytestmark = pytest.mark.django_db(transaction=True)


def copy_of(message: Message) -> Message:
    """A separate instance, as another request would load it."""
    return Message.objects.select_related("conversation", "sender").get(pk=message.pk)


def test_of_two_edits_of_one_revision_one_wins_and_the_other_conflicts(
    racers: Racers, room: Conversation, ada: User
) -> None:
    for number, race in enumerate(racers.rounds(ROUNDS)):
        message = post(room, ada, f"words {number}")
        texts = ["one", "other"]
        got = race.run(*[partial(copy_of(message).edit, text, revision=0) for text in texts])
        outcomes = [outcome_name(one) for one in got]
        assert sorted(outcomes) == ["EditConflict", "done"]
        winner = texts[outcomes.index("done")]
        assert winner in race.by_order(*texts)
        shown = got[outcomes.index("EditConflict")].message
        assert shown.content == copy_of(message).content == winner
        assert MessageHistory.objects.get(message=message).old_content == f"words {number}"
    assert_no_gap(room, sent=ROUNDS, other_changes=ROUNDS)


def test_two_edits_without_a_revision_both_stay_in_the_history(
    racers: Racers, room: Conversation, ada: User
) -> None:
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS)):
        message = post(room, ada, f"words {number}")
        got = race.run(*[partial(copy_of(message).edit, text) for text in ("one", "other")])
        assert [outcome_name(one) for one in got] == ["done", "done"]
        first, second = message.history.order_by("number")
        assert (first.number, second.number) == (1, 2)
        assert first.old_content == f"words {number}"
        assert {second.old_content, copy_of(message).content} == {"one", "other"}
        assert second.old_content in race.by_order("one", "other")


def test_removed_message_stays_removed_and_a_late_edit_is_refused(
    racers: Racers, room: Conversation, ada: User
) -> None:
    edits = 0
    for number, race in enumerate(racers.rounds(ROUNDS)):
        message = post(room, ada, f"words {number}")
        edited, removed = race.run(partial(copy_of(message).edit, "@ben!"), copy_of(message).remove)
        assert outcome_name(removed) == "done"
        assert outcome_name(edited) in race.by_order("done", "removed")
        now = copy_of(message)
        assert now.is_removed
        assert (now.content, now.content_html, now.edited, now.revision) == ("", "", False, 0)
        edits += outcome_name(edited) == "done"
    assert_no_gap(room, sent=ROUNDS, other_changes=ROUNDS + edits)


def test_no_reply_is_created_below_a_removed_message(
    racers: Racers, room: Conversation, ada: User, ben: User
) -> None:
    replies = 0
    for number, race in enumerate(racers.rounds(ROUNDS)):
        parent = post(room, ada, f"words {number}")
        place = copy_of(parent).conversation
        reply = partial(post, place, ben, "reply", parent=copy_of(parent))
        replied, removed = race.run(reply, copy_of(parent).remove)
        assert outcome_name(removed) == "done"
        assert outcome_name(replied) in race.by_order("done", "parent")
        assert copy_of(parent).is_removed
        if outcome_name(replied) == "done":
            assert replied.seq < copy_of(parent).version
        else:
            assert not parent.replies.exists()
        replies += outcome_name(replied) == "done"
    assert_no_gap(room, sent=ROUNDS + replies, other_changes=ROUNDS)


def test_a_message_that_both_read_at_once_ends_as_read(
    racers: Racers, room: Conversation, ada: User, ben: User, cleo: User
) -> None:
    for number, race in enumerate(racers.rounds(ROUNDS)):
        message = post(room, ada, f"words {number}")
        read = Message.unread_messages.mark_as_read_for_user
        got = race.run(*[partial(read, reader, [message.pk]) for reader in (ben, cleo)])
        assert got == [1, 1]
        assert copy_of(message).read is True
    assert_no_gap(room, sent=ROUNDS, other_changes=0)


def test_reading_marking_unread_removing_and_leaving_do_not_wait_for_each_other(
    racers: Racers, room: Conversation, ada: User, ben: User, cleo: User
) -> None:
    """Any order is allowed. The `racers` fixture checks the read marks afterwards."""
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS, acts=5)):
        first = post(room, ada, f"words {number}")
        second = post(room, ada, "more")
        ids = [first.pk, second.pk]
        got = race.run(
            partial(Message.unread_messages.mark_as_read_for_user, ben, ids),
            partial(Message.unread_messages.mark_as_unread_for_user, ben, reversed(ids)),
            partial(Message.unread_messages.mark_as_unread_for_user, cleo, ids),
            copy_of(second).remove,
            partial(leave, copy_of(first).conversation, cleo),
        )
        assert not [one for one in got if isinstance(one, Exception)]
        assert not Notification.objects.filter(user=cleo).exists()
        add(copy_of(first).conversation, cleo)


def test_reading_and_removing_do_not_wait_for_each_other(
    racers: Racers, room: Conversation, ada: User, ben: User
) -> None:
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS, acts=3)):
        message = post(room, ada, f"words {number}")
        reply = post(room, ada, "reply", parent=message)
        read = partial(Message.unread_messages.mark_as_read_for_user, ben)
        got = race.run(read, copy_of(reply).remove, copy_of(message).remove)
        assert not [one for one in got if isinstance(one, Exception)]
        assert not Notification.objects.exists()
