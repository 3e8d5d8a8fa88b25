"""A message that is sent twice with the same `client_id` arrives once."""

from uuid import UUID, uuid4

import pytest

from messaging.models import Conversation, Message, User
from messaging.models.messages.conflicts import ClientIdTaken
from messaging.models.messages.saving import post

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
    with pytest.raises(ClientIdTaken) as taken:
        post(room, ada, "third", client_id=SAME)
    assert taken.value.message == message


def test_sending_a_removed_message_again_finds_the_tombstone(ada: User, room: Conversation) -> None:
    message = post(room, ada, "words", client_id=SAME)
    message.remove()
    again = post(room, ada, "words", client_id=SAME)
    assert again == message
    assert again.is_removed
    assert Message.rows.count() == 1


def test_sending_again_finds_a_message_whose_first_text_was_removed(ada: User, room: Conversation) -> None:
    message = post(room, ada, "first", client_id=SAME)
    message.edit("second")
    message.remove_text(1, by=ada)
    assert post(room, ada, "first", client_id=SAME) == message
    assert Message.objects.get().content == "second"


def test_sending_a_reply_again_finds_it_even_if_its_parent_was_removed(
    ada: User, ben: User, room: Conversation
) -> None:
    root = post(room, ben, "root")
    reply = post(room, ada, "reply", parent=root, client_id=SAME)
    root.remove()
    assert post(room, ada, "reply", parent=root, client_id=SAME) == reply


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
