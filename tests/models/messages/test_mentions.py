"""Who is mentioned by a message, and what an edit makes of their notifications."""

import pytest

from messaging.models import Conversation, Message, Notification, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add
from tests.factories import RoomFactory, UserFactory

read = Message.unread_messages.mark_as_read_for_user

pytestmark = [pytest.mark.django_db, pytest.mark.backends]


@pytest.fixture
def room(ada: User, ben: User) -> Conversation:
    return RoomFactory.create(by=ada, members=[ben])


def reason(user: User, message: Message) -> str | None:
    return Notification.objects.filter(user=user, message=message).values_list("reason", flat=True).first()


def test_edit_that_mentions_nobody_any_more_leaves_an_ordinary_notification(
    ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ada, "words for @ben")
    message.edit("words for nobody")
    assert reason(ben, message) == "room"
    assert not Notification.objects.filter(user=ben).personal().exists()
    assert not message.mentions.exists()
    assert Message.objects.get(pk=message.pk).read is False


def test_withdrawn_mention_in_a_direct_message_stays_a_direct_message(ada: User, ben: User) -> None:
    message = Message.objects.create(sender=ada, receiver=ben, content="words for @ben")
    message.edit("words")
    assert reason(ben, message) == "direct"


def test_withdrawn_mention_in_a_thread_stays_for_those_who_wrote_in_it(
    ada: User, ben: User, cleo: User, room: Conversation
) -> None:
    add(room, cleo)
    root = post(room, ben, "root")
    reply = post(room, ada, "for @ben and @cleo", parent=root)
    assert (reason(ben, reply), reason(cleo, reply)) == ("mention", "mention")
    reply.edit("for nobody")
    assert (reason(ben, reply), reason(cleo, reply)) == ("reply", None)
    read(ben)
    reply.edit("for @cleo")
    assert Message.objects.get(pk=reply.pk).read is False
    reply.edit("for nobody again")
    assert Message.objects.get(pk=reply.pk).read is True


def test_longest_name_of_a_member_is_meant(ada: User, ben: User, room: Conversation) -> None:
    with_dot = UserFactory.create(username="ben.")
    add(room, with_dot)
    message = post(room, ada, "Hello @ben.")
    assert list(message.mentions.values_list("user", flat=True)) == [with_dot.pk]
    assert f'href="/people/{with_dot.pk}/"' in message.content_html
    message.edit("Hello @ben!")
    assert list(message.mentions.values_list("user", flat=True)) == [ben.pk]


def test_mention_in_a_quote_notifies_nobody(ada: User, ben: User, room: Conversation) -> None:
    message = post(room, ada, "> so said @ben\nI agree.")
    assert reason(ben, message) == "room"
    assert "mention" not in message.content_html
