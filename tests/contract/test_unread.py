"""Unread: for each person that a message was for, until that person has read it."""

import pytest

from messaging.models import Conversation, Message, Notification, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave
from tests.contract.conftest import Send
from tests.contract.counting import statements
from tests.factories import UserFactory


def readers(message: Message) -> set[str]:
    """Those who have still to read it."""
    people = User.objects.filter(pk__in=Notification.objects.filter(message=message).values("user"))
    return {person.username for person in people if message in Message.unread_messages.for_user(person)}


@pytest.fixture
def crowd(room: Conversation) -> Conversation:
    """The room with more people: dora, eve and finn."""
    for username in ("dora", "eve", "finn"):
        add(room, UserFactory.create(username=username))
    return room


@pytest.fixture
def people(crowd: Conversation) -> dict[str, User]:
    return {person.username: person for person in crowd.members.all()}


def test_a_message_is_unread_for_the_other_until_they_have_read_it(ada: User, ben: User, send: Send) -> None:
    message = send(ada, "Hello")
    unread = Message.unread_messages
    assert list(unread.for_user(ben)) == [message]
    assert unread.count_for_user(ben) == 1
    assert unread.mark_as_read_for_user(ben, message_ids=[message.id]) == 1
    assert list(unread.for_user(ben)) == []
    assert unread.count_for_user(ben) == 0
    assert unread.mark_as_read_for_user(ben, message_ids=[message.id]) == 0


def test_a_message_is_never_unread_for_its_author(ada: User, send: Send) -> None:
    root = send(ada, "Hello, @ada")
    send(ada, "Hello again, @ada", parent_message=root)
    assert list(Message.unread_messages.for_user(ada)) == []
    assert Message.unread_messages.count_for_user(ada) == 0


def test_without_ids_everything_is_read(ada: User, ben: User, cleo: User, room: Conversation) -> None:
    Message.objects.create(sender=ada, receiver=ben, content="one")
    Message.objects.create(sender=cleo, receiver=ben, content="two")
    for_cleo = Message.objects.create(sender=ada, conversation=room, content="three")
    assert Message.unread_messages.mark_as_read_for_user(ben) == 3
    assert Message.unread_messages.count_for_user(ben) == 0
    assert list(Message.unread_messages.for_user(cleo)) == [for_cleo]


def test_only_the_named_messages_are_read(ada: User, ben: User, send: Send) -> None:
    first, second, third = (send(ada, text) for text in ("first", "second", "third"))
    ids = (message.pk for message in (first, third))
    assert Message.unread_messages.mark_as_read_for_user(ben, message_ids=ids) == 2
    assert list(Message.unread_messages.for_user(ben)) == [second]
    assert Message.unread_messages.mark_as_read_for_user(ben, message_ids=[]) == 0
    assert Message.unread_messages.count_for_user(ben) == 1


def test_marking_messages_that_were_not_for_the_person_changes_nothing(
    ada: User, ben: User, cleo: User
) -> None:
    message = Message.objects.create(sender=ada, receiver=ben, content="Hello")
    assert Message.unread_messages.mark_as_read_for_user(cleo, message_ids=[message.pk]) == 0
    assert Message.unread_messages.mark_as_read_for_user(ada, message_ids=[message.pk]) == 0
    assert list(Message.unread_messages.for_user(ben)) == [message]


def test_unread_only_is_what_somebody_has_still_to_read(
    ada: User, ben: User, cleo: User, room: Conversation
) -> None:
    direct = Message.objects.create(sender=ada, receiver=ben, content="direct")
    in_room = Message.objects.create(sender=ada, conversation=room, content="in the room")
    assert set(Message.unread_messages.unread_only()) == {direct, in_room}
    Message.unread_messages.mark_as_read_for_user(ben)
    assert list(Message.unread_messages.unread_only()) == [in_room]
    Message.unread_messages.mark_as_read_for_user(cleo)
    assert list(Message.unread_messages.unread_only()) == []
    assert set(Message.objects.filter(read=True)) == {direct, in_room}


def test_unread_messages_come_with_what_a_list_shows(ada: User, ben: User, send: Send) -> None:
    for text in ("one", "two", "three"):
        send(ada, text)
    with statements() as asked:
        shown = [
            (
                message.sender and message.sender.name,
                message.author == ada,
                message.content,
                message.timestamp,
                message.edited,
                str(message.conversation),
            )
            for message in Message.unread_messages.for_user(ben)
        ]
    assert [line[:3] for line in shown] == [("Ada", True, text) for text in ("one", "two", "three")]
    assert len(asked) == 1
    assert "content_html" not in asked[0]
    assert "password" not in asked[0]


def test_a_root_in_a_room_is_unread_for_every_other_active_member(
    crowd: Conversation, ada: User, people: dict[str, User]
) -> None:
    UserFactory.create(username="stranger")
    User.objects.filter(username="finn").update(is_active=False)
    leave(crowd, people["eve"])
    root = post(crowd, ada, "Hello, everybody")
    assert readers(root) == {"ben", "cleo", "dora"}


def test_a_reply_is_unread_for_everybody_who_wrote_in_its_thread_and_for_the_mentioned(
    crowd: Conversation, people: dict[str, User]
) -> None:
    root = post(crowd, people["ada"], "root")
    above = post(crowd, people["ben"], "above", parent=root)
    post(crowd, people["cleo"], "on another branch", parent=root)
    post(crowd, people["finn"], "another root")
    reply = post(crowd, people["dora"], "reply, @eve", parent=above)
    assert readers(reply) == {"ada", "ben", "cleo", "eve"}
    plain = post(crowd, people["dora"], "reply", parent=reply)
    assert readers(plain) == {"ada", "ben", "cleo"}


def test_an_edit_makes_a_message_unread_only_for_the_newly_mentioned(
    crowd: Conversation, people: dict[str, User]
) -> None:
    root = post(crowd, people["ada"], "root")
    reply = post(crowd, people["ben"], "reply, @cleo", parent=root)
    Message.unread_messages.mark_as_read_for_user(people["ada"])
    Message.unread_messages.mark_as_read_for_user(people["cleo"])
    reply.edit("reply, @cleo and @dora")
    assert readers(reply) == {"dora"}


def test_an_edit_that_mentions_its_own_author_is_not_unread_for_them(ada: User, send: Send) -> None:
    message = send(ada, "Hello")
    message.edit("Hello, I am @ada")
    assert list(Message.unread_messages.for_user(ada)) == []


def test_an_edit_by_a_stale_instance_does_not_overwrite_read(ada: User, ben: User, send: Send) -> None:
    message = send(ada, "Hello")
    stale = Message.objects.get(pk=message.pk)
    for person in User.objects.exclude(pk=ada.pk):
        Message.unread_messages.mark_as_read_for_user(person)
    assert Message.objects.get(pk=message.pk).read is True
    stale.edit("Hello, @ben")
    assert list(Message.unread_messages.for_user(ben)) == [message]
    assert Message.objects.get(pk=message.pk).read is False


def test_earlier_messages_are_not_unread_for_a_new_member(ada: User, room: Conversation) -> None:
    post(room, ada, "before")
    late = UserFactory.create(username="late")
    add(room, late)
    after = post(room, ada, "after")
    assert list(Message.unread_messages.for_user(late)) == [after]


def test_a_note_to_oneself_is_unread_for_nobody(ada: User) -> None:
    note = Message.objects.create(sender=ada, receiver=ada, content="Do not forget")
    assert not Notification.objects.exists()
    assert note.read is True


def test_a_removed_message_is_unread_for_nobody(ada: User, ben: User, send: Send) -> None:
    message = send(ada, "Hello")
    message.remove()
    assert Message.unread_messages.count_for_user(ben) == 0
    assert list(Message.unread_messages.unread_only()) == []
