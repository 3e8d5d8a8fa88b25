"""Saves of a draft against its send, its deletion, and the saves of another device."""

from functools import partial
from uuid import uuid4

import pytest

from messaging.models import Conversation, Draft, Message, User
from messaging.models.messages.drafting import Place, Typed, delete_draft, save_draft
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.races.racing import FEWER_ROUNDS, LOCKED, ROUNDS, Racers, outcome_name
from tests.races.test_sending import again

pytestmark = pytest.mark.django_db(transaction=True)


def assert_listed(user: User) -> None:
    """The person's row lists exactly the drafts that there are."""
    user.refresh_from_db()
    rows = Draft.objects.filter(user=user).values_list("conversation", "reply_to", "version")
    assert sorted(map(tuple, user.drafts)) == sorted(rows)


@pytest.mark.parametrize("is_first_save", [True, False])
@pytest.mark.parametrize("is_reply", [True, False])
def test_a_save_never_brings_back_what_was_sent(
    racers: Racers, room: Conversation, ada: User, ben: User, is_first_save: bool, is_reply: bool
) -> None:
    root = post(room, ada, "Root")
    place, parent = (Place(room.pk, root.pk), root) if is_reply else (Place(room.pk), None)
    for number, race in enumerate(racers.rounds(ROUNDS)):
        token, known = uuid4(), 0
        if not is_first_save:
            known = save_draft(ben, place, Typed(f"Hel {number}", token, 1))
        save = partial(save_draft, ben, place, Typed(f"Hello {number}", token, 2, known))
        send = partial(post, again(room), ben, f"Hello {number}", parent, token, draft=known)
        saved, sent = race.run(save, send)
        assert outcome_name(sent) == "done"
        assert outcome_name(saved) in {"done"} | race.by_order("done", "DraftSent")
        if race.point != LOCKED:  # where a send may not yet have the lock for which a save waits
            assert outcome_name(saved) in race.by_order("done", "DraftSent")
        assert not Draft.objects.exists()
        assert_listed(ben)
    assert Message.rows.filter(sender=ben).count() == ROUNDS


def test_of_two_devices_one_learns_of_the_other(racers: Racers, room: Conversation, ben: User) -> None:
    place = Place(room.pk)
    for number, race in enumerate(racers.rounds(ROUNDS)):
        saves = [
            partial(save_draft, ben, place, Typed(f"{device} {number}", uuid4(), 1))
            for device in ("laptop", "phone")
        ]
        got = race.run(*saves)
        assert sorted(map(outcome_name, got)) == ["DraftConflict", "done"]
        assert outcome_name(got[0]) in race.by_order("done", "DraftConflict")
        assert_listed(ben)
        delete_draft(Draft.objects.get())


def test_a_send_and_the_save_of_another_device_lose_no_text(
    racers: Racers, room: Conversation, ben: User
) -> None:
    place = Place(room.pk)
    for number, race in enumerate(racers.rounds(ROUNDS)):
        token = uuid4()
        known = save_draft(ben, place, Typed(f"Hello {number}", token, 1))
        save = partial(save_draft, ben, place, Typed(f"Other {number}", uuid4(), 1, known))
        send = partial(post, again(room), ben, f"Hello {number}", client_id=token, draft=known)
        saved, sent = race.run(save, send)
        assert {outcome_name(saved), outcome_name(sent)} == {"done"}
        assert Draft.objects.get().text == f"Other {number}"
        assert_listed(ben)
        delete_draft(Draft.objects.get())


def test_saves_of_two_places_and_reading_do_not_disturb_each_other(
    racers: Racers, room: Conversation, ada: User, ben: User
) -> None:
    post(room, ada, "Root, @ben")
    places = [Place(room.pk), Place(Conversation.objects.direct(ada, ben).pk)]
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS, acts=3)):
        saves = [partial(save_draft, ben, place, Typed(f"{number}", uuid4(), 1)) for place in places]
        mark = Message.unread_messages
        read = partial(mark.mark_as_read_for_user if number % 2 == 0 else _mark_unread, ben)
        got = race.run(*saves, read)
        assert {outcome_name(one) for one in got} == {"done"}
        assert Draft.objects.count() == 2
        assert_listed(ben)
        for draft in Draft.objects.all():
            delete_draft(draft)


def _mark_unread(user: User) -> int:
    ids = Message.rows.values_list("pk", flat=True)
    return Message.unread_messages.mark_as_unread_for_user(user, ids)


def test_an_erasure_waits_for_a_save_and_leaves_nothing(
    racers: Racers, room: Conversation, ada: User
) -> None:
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS)):
        leaver = User.objects.create_user(f"leaver{number}")
        add(room, leaver)
        save = partial(save_draft, leaver, Place(room.pk), Typed("Half", uuid4(), 1))
        saved, erased = race.run(save, User.objects.filter(pk=leaver.pk).delete)
        assert outcome_name(erased) == "done"
        assert outcome_name(saved) in {"done"} | race.by_order("done", "Gone")
        assert not Draft.objects.exists()


def test_the_other_persons_erasure_leaves_the_text_and_refuses_a_later_save(
    racers: Racers, room: Conversation, ben: User
) -> None:
    for number, race in enumerate(racers.rounds(FEWER_ROUNDS)):
        other = User.objects.create_user(f"other{number}")
        direct = Conversation.objects.direct(ben, other)
        first = uuid4()
        is_stored = number % 2 == 1
        known = save_draft(ben, Place(direct.pk), Typed("Half", first, 1)) if is_stored else 0
        save = partial(save_draft, ben, Place(direct.pk), Typed("Half a thought", first, 2, known))
        saved, erased = race.run(save, User.objects.filter(pk=other.pk).delete)
        assert outcome_name(erased) == "done"
        assert outcome_name(saved) in {"done", "Gone"}
        texts = list(Draft.objects.values_list("text", "conversation"))
        assert [place for _text, place in texts] in ([], [None])
        assert [text for text, _place in texts] in (["Half a thought"], ["Half"] if is_stored else [])
        assert texts or outcome_name(saved) == "Gone"
        Draft.objects.all().delete()
        User.objects.filter(pk=ben.pk).update(drafts=[])
