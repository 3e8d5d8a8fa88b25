"""Saved messages: whose they are, which of them are shown, and when they go."""

import json

import pytest

from messaging.models import Conversation, Message, SavedMessage, User
from messaging.models.accounts.personal_data import parts_of
from messaging.models.db.refusals import Gone
from messaging.models.inbox.saved import save_message, saved_by, unsave_message
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave
from messaging.models.search.query import parse
from messaging.models.search.searching import search

pytestmark = pytest.mark.django_db


def found(user: User, typed: str) -> list[str]:
    return [message.content for message in search(user, parse(typed)).messages]


def saved(user: User) -> list[str]:
    return [one.message.content for one in saved_by(user)]


@pytest.fixture
def messages(room: Conversation, ada: User) -> list[Message]:
    return [post(room, ada, word) for word in ("one", "two", "three")]


def test_the_last_saved_comes_first_and_saving_again_changes_nothing(
    messages: list[Message], ben: User
) -> None:
    one, two, _three = messages
    for message in (two, one, two):
        save_message(ben, message)
    assert saved(ben) == ["one", "two"]


def test_nobody_else_is_shown_it(messages: list[Message], ada: User, ben: User) -> None:
    version = messages[0].conversation.version
    save_message(ben, messages[0])
    assert saved(ada) == []
    messages[0].refresh_from_db()
    messages[0].conversation.refresh_from_db()
    assert messages[0].conversation.version == version  # open pages of others learn nothing


def test_a_removed_message_is_not_saved_any_more(messages: list[Message], ben: User) -> None:
    save_message(ben, messages[0])
    messages[0].remove()
    assert not SavedMessage.objects.exists()
    with pytest.raises(Gone):
        save_message(ben, messages[0])


def test_an_edited_message_stays_saved_and_is_shown_as_it_is_now(messages: list[Message], ben: User) -> None:
    save_message(ben, messages[0])
    messages[0].edit("uno")
    assert saved(ben) == ["uno"]


def test_what_is_in_a_room_that_was_left_is_hidden_until_the_return(
    messages: list[Message], room: Conversation, ben: User
) -> None:
    save_message(ben, messages[0])
    leave(room, ben)
    assert saved(ben) == []
    assert found(ben, "is:saved") == []
    with pytest.raises(Gone):
        save_message(ben, messages[1])
    add(room, ben)
    assert saved(ben) == ["one"]


def test_saving_and_removing_tell_the_persons_own_pages(messages: list[Message], ben: User) -> None:
    versions = [ben.version]
    for act in (save_message, unsave_message):
        act(ben, messages[0])
        ben.refresh_from_db()
        versions.append(ben.version)
    assert versions[0] < versions[1] < versions[2]
    assert saved(ben) == []


def test_a_search_finds_what_is_saved(messages: list[Message], ada: User, ben: User) -> None:
    for message in messages[:2]:
        save_message(ben, message)
    assert sorted(found(ben, "is:saved")) == ["one", "two"]
    assert found(ben, "-is:saved in:garden") == ["three"]
    assert found(ada, "is:saved") == []


def test_the_export_says_what_was_saved_and_deleting_the_person_deletes_it(
    messages: list[Message], ben: User
) -> None:
    save_message(ben, messages[0])
    exported = json.loads(json.dumps(parts_of(ben)))
    assert [one["message"] for one in exported["saved"]] == [messages[0].pk]
    ben.delete()
    assert not SavedMessage.objects.exists()


def test_deleting_the_author_deletes_what_others_saved_of_theirs(messages: list[Message], ben: User) -> None:
    save_message(ben, messages[0])
    assert messages[0].sender
    messages[0].sender.delete()
    assert not SavedMessage.objects.exists()
