"""A message that is sent twice with the same `client_id` arrives once."""

import hashlib
from collections.abc import Callable
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import Settings

from messaging.models import Conversation, Message, User
from messaging.models.messages import saving
from messaging.models.messages.conflicts import ClientIdTaken
from messaging.models.messages.saving import post
from messaging.models.messages.sent_text import fingerprint
from messaging.models.rooms.members import leave
from messaging.text import clean_text

SAME = UUID(int=1)


def test_sending_again_sends_nothing(ada: User, room: Conversation) -> None:
    message = post(room, ada, "words", client_id=SAME)
    version = room.version
    assert post(room, ada, "words \n", client_id=SAME) == message
    assert Message.objects.count() == 1
    assert Conversation.objects.get(pk=room.pk).version == version


def test_sending_again_finds_the_message_by_the_text_that_it_was_sent_with(
    ada: User, room: Conversation
) -> None:
    message = post(room, ada, "first", client_id=SAME)
    message.edit("second")
    message.edit("third")
    assert post(room, ada, "first", client_id=SAME) == message
    with pytest.raises(ClientIdTaken):
        post(room, ada, "third", client_id=SAME)


def archive_room(room: Conversation, message: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    Conversation.objects.filter(pk=room.pk).update(archived_at=timezone.now())


def remove_parent(room: Conversation, message: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    assert message.parent_message
    message.parent_message.remove()


def lower_the_limit(room: Conversation, message: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "clean_text", partial(clean_text, max_length=3))


def edit_it(room: Conversation, message: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    message.edit("other words")


CHANGES = [archive_room, remove_parent, lower_the_limit, edit_it]


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_meanwhile_does_not_matter_when_a_message_is_sent_again(
    ada: User,
    ben: User,
    room: Conversation,
    change: Callable[[Conversation, Message, pytest.MonkeyPatch], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = post(room, ben, "root")
    reply = post(room, ada, "some words", parent=root, client_id=SAME)
    change(room, reply, monkeypatch)
    before = Conversation.objects.get(pk=room.pk).version
    assert post(room, ada, "some words", parent=root, client_id=SAME) == reply
    assert Conversation.objects.get(pk=room.pk).version == before
    with pytest.raises(ClientIdTaken):
        post(room, ada, "something else", parent=root, client_id=SAME)


@pytest.mark.parametrize("text", ["words", "other words", "x" * 20_000, " "])
@pytest.mark.parametrize("place", ["here", "below another message", "elsewhere"])
def test_after_a_removal_the_client_id_alone_decides(
    ada: User, ben: User, room: Conversation, text: str, place: str
) -> None:
    message = post(room, ada, "words", client_id=SAME)
    root = post(room, ben, "root")
    message.remove()
    conversation = Conversation.objects.direct(ada, ben) if place == "elsewhere" else room
    parent = root if place == "below another message" else None
    again = post(conversation, ada, text, parent=parent, client_id=SAME)
    assert (again, again.is_removed, again.content) == (message, True, "")
    assert Message.rows.count() == 2


@pytest.mark.parametrize("text", ["first", "guess"])
def test_after_the_removal_of_the_first_text_the_client_id_alone_decides(
    ada: User, room: Conversation, text: str
) -> None:
    message = post(room, ada, "first", client_id=SAME)
    message.edit("second")
    message.remove_text(1, by=ada)
    assert post(room, ada, text, client_id=SAME) == message
    assert Message.objects.get().content == "second"


def test_a_former_member_does_not_learn_what_became_of_their_message(
    ada: User, ben: User, room: Conversation
) -> None:
    post(room, ben, "words", client_id=SAME)
    leave(room, ben)
    for client_id in (SAME, uuid4()):
        with pytest.raises(ValidationError) as refused:
            post(room, ben, "words", client_id=client_id)
        assert refused.value.code == "sender"


def test_an_edit_that_is_sent_again_to_an_archived_room_is_the_same_edit(
    ada: User, room: Conversation
) -> None:
    message = post(room, ada, "first")
    message.edit("second", by=ada, revision=0)
    Conversation.objects.filter(pk=room.pk).update(archived_at=timezone.now())
    message.edit("second", by=ada, revision=0)
    assert message.revision == 1
    with pytest.raises(ValidationError) as refused:
        message.edit("third", by=ada, revision=1)
    assert refused.value.code == "archived"


def stored_hmac(message: Message) -> str:
    return Message.rows.values_list("sent_hmac", flat=True).get(pk=message.pk)


def test_what_a_message_is_recognised_by_is_no_bare_hash(
    ada: User, room: Conversation, settings: Settings
) -> None:
    one, other = (stored_hmac(post(room, ada, "yes", client_id=UUID(int=number))) for number in (1, 2))
    assert one != other
    digests = {hashlib.new(name, b"yes").hexdigest() for name in ("sha256", "sha3_256", "blake2s")}
    assert not digests & {one, other}
    settings.SECRET_KEY = "another key"
    assert fingerprint(UUID(int=1), "yes") != one


def test_what_a_message_is_recognised_by_goes_with_its_text(ada: User, room: Conversation) -> None:
    first, second = (post(room, ada, "yes", client_id=UUID(int=number)) for number in (1, 2))
    assert stored_hmac(first)
    assert not stored_hmac(post(room, ada, "yes"))
    for text in ("no", "perhaps"):
        second.edit(text)
    second.remove_text(2, by=ada)
    assert stored_hmac(second)
    second.remove_text(1, by=ada)
    first.remove()
    assert (stored_hmac(first), stored_hmac(second)) == ("", "")


def test_erased_persons_leave_nothing_that_a_text_is_recognised_by(
    ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ada, "yes", client_id=SAME)
    post(room, ben, "reply", parent=message)
    ada.delete()
    assert stored_hmac(message) == ""


@pytest.mark.parametrize("other", ["text", "place", "parent"])
def test_a_client_id_is_for_one_message(ada: User, ben: User, room: Conversation, other: str) -> None:
    root = post(room, ben, "root")
    message = post(room, ada, "words", client_id=SAME)
    place = Conversation.objects.direct(ada, ben) if other == "place" else room
    text = "other words" if other == "text" else "words"
    with pytest.raises(ClientIdTaken):
        post(place, ada, text, parent=root if other == "parent" else None, client_id=SAME)
    assert list(Message.objects.exclude(pk=root.pk)) == [message]


def test_two_people_may_use_the_same_client_id(ada: User, ben: User, room: Conversation) -> None:
    assert post(room, ada, "words", client_id=SAME) != post(room, ben, "words", client_id=SAME)


def test_without_a_client_id_the_same_text_is_another_message(ada: User, room: Conversation) -> None:
    assert post(room, ada, "words") != post(room, ada, "words")
    assert post(room, ada, "words", client_id=uuid4()) != post(room, ada, "words", client_id=uuid4())
