"""What cannot be done to a message, and the invariants of a new one."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.utils import timezone

from messaging.models import Conversation, Message, MessageHistory, Notification, ThreadedMessage, User
from messaging.models.messages.conflicts import EditConflict
from messaging.models.messages.saving import post
from messaging.text import MAX_LENGTH


@pytest.mark.parametrize(
    "manager",
    [
        lambda message: Message.objects,
        lambda message: Message.unread_messages,
        lambda message: ThreadedMessage.objects,
        lambda message: message.conversation.messages,
        lambda message: message.sender.sent_messages,
        lambda message: message.replies,
    ],
    ids=["objects", "unread", "threaded", "of a conversation", "of a sender", "replies"],
)
@pytest.mark.parametrize(
    "bypass_save",
    [
        lambda messages, message: messages.update(content="forged"),
        lambda messages, message: messages.bulk_update([message], ["content"]),
        lambda messages, message: messages.bulk_create([message]),
    ],
    ids=["update", "bulk_update", "bulk_create"],
)
def test_messages_cannot_be_written_without_save(
    ada: User, room: Conversation, manager: Callable[[Message], Any], bypass_save: Callable[..., Any]
) -> None:
    message = post(room, ada, "as it was said")
    with pytest.raises(TypeError, match=r"save\(\)"):
        bypass_save(manager(message), message)
    assert Message.objects.get().content == "as it was said"


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("sender", lambda: User.objects.get(username="ben")),
        ("receiver", lambda: User.objects.get(username="ben")),
        ("conversation", lambda: Conversation.objects.direct(*User.objects.all()[:2])),
        ("parent_message", lambda: Message.objects.earliest("pk")),
        ("timestamp", lambda: datetime(2001, 2, 3, tzinfo=UTC)),
    ],
)
def test_sender_receiver_conversation_and_time_of_a_message_never_change(
    ada: User, room: Conversation, field: str, other: Callable[[], Any]
) -> None:
    post(room, ada, "an earlier one")
    message = post(room, ada, "words")
    version = room.version
    message.content = "other words"
    setattr(message, field, other())
    with pytest.raises(ValidationError, match=rf"'{field}': .*cannot be changed"):
        message.save()
    stored = Message.objects.get(pk=message.pk)
    assert (stored.content, stored.sender, stored.receiver) == ("words", ada, None)
    assert (stored.conversation, stored.parent_message) == (room, None)
    assert not stored.history.exists()
    assert Conversation.objects.get(pk=room.pk).version == version


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"content": " \n"}, "visible text"),
        ({"content": "x" * (MAX_LENGTH + 1)}, "10,001 characters"),
        ({"sender": None}, "needs a sender"),
        ({"conversation": None}, "needs a receiver or a conversation"),
        ({"sender": "stranger"}, "no longer a member"),
        ({"receiver": "ben"}, "Only direct messages have a receiver"),
        ({"conversation": "ada and ben", "receiver": "cleo"}, "This person is not in this conversation"),
        ({"parent_message": "elsewhere"}, "in another conversation"),
        ({"parent_message": "removed"}, "was removed"),
        (
            {"conversation": None, "receiver": "cleo", "parent_message": "elsewhere"},
            "in another conversation",
        ),
    ],
)
def test_a_message_that_cannot_be_sent_is_refused_and_leaves_nothing_behind(
    ada: User, ben: User, cleo: User, room: Conversation, wrong: dict[str, Any], message: str
) -> None:
    removed, elsewhere = (
        post(room, ada, "removed"),
        ada.sent_messages.create(receiver=ben, content="elsewhere"),
    )
    removed.remove()
    things: dict[str, Any] = {
        "stranger": User.objects.create_user("stranger"),
        "ben": ben,
        "cleo": cleo,
        "ada and ben": elsewhere.conversation,
        "elsewhere": elsewhere,
        "removed": removed,
    }
    fields: dict[str, Any] = {"sender": ada, "conversation": room, "content": "words"} | wrong
    before = list(Conversation.objects.order_by("pk").values()), Message.rows.count()
    with pytest.raises(ValidationError, match=message):
        Message.objects.create(**{name: things.get(value, value) for name, value in fields.items()})
    assert before == (list(Conversation.objects.order_by("pk").values()), Message.rows.count())


def test_messages_are_in_the_order_of_sending_whatever_the_clock_says(ada: User, room: Conversation) -> None:
    late = post(room, ada, "sent first", timestamp=timezone.now())
    early = post(room, ada, "sent second", timestamp=datetime(2001, 2, 3, tzinfo=UTC))
    assert early.seq == late.seq + 1


def test_the_seq_of_a_deleted_message_is_not_reused(ada: User, room: Conversation) -> None:
    seq = post(room, ada, "one").seq
    Message.objects.all().delete()
    assert not Message.rows.exists()
    assert post(room, ada, "two").seq > seq


def test_loading_a_fixture_neither_notifies_nor_logs(ada: User, room: Conversation) -> None:
    message = post(room, ada, "words")
    fixture = serializers.serialize("json", [message]).replace("words", "other words")
    Notification.objects.all().delete()
    for loaded in serializers.deserialize("json", fixture):
        loaded.save()
    assert Message.objects.get().content == "other words"
    assert not Notification.objects.exists()
    assert not MessageHistory.objects.exists()


def test_an_edit_conflict_contains_the_current_message(ada: User, ben: User, room: Conversation) -> None:
    message = post(room, ada, "first")
    mine, theirs = Message.objects.get(pk=message.pk), Message.objects.get(pk=message.pk)
    theirs.edit("theirs", by=ben, revision=0)
    with pytest.raises(EditConflict) as conflict:
        mine.edit("mine", revision=0)
    assert (conflict.value.message.content, conflict.value.revision) == ("theirs", 1)
    assert mine.content == "mine"
