"""The public Python interface: the names in `messaging.models`, and the signals that do the work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.db import models
from django.db.models.signals import ModelSignal, post_delete, post_save, pre_save

from messaging.models import Conversation, Message, MessageHistory, Notification, ThreadedMessage, User
from tests.contract.conftest import Send


def test_a_message_has_the_fields_that_the_contract_names() -> None:
    fields = {field.name: field for field in Message._meta.get_fields()}
    for person in ("sender", "receiver"):
        assert fields[person].related_model is get_user_model()
    assert isinstance(fields["content"], models.TextField)
    assert isinstance(fields["timestamp"], models.DateTimeField)
    assert isinstance(fields["edited"], models.BooleanField)
    assert isinstance(fields["read"], models.BooleanField)
    assert fields["parent_message"].related_model is Message


def test_a_notification_is_linked_to_the_user_and_the_message() -> None:
    assert Notification._meta.get_field("user").related_model is get_user_model()
    assert Notification._meta.get_field("message").related_model is Message


def test_a_threaded_message_is_a_proxy_of_a_message() -> None:
    assert ThreadedMessage._meta.proxy
    assert ThreadedMessage._meta.concrete_model is Message


def test_a_direct_message_needs_a_sender_a_receiver_and_content_only(ada: User, ben: User) -> None:
    message = Message.objects.create(sender=ada, receiver=ben, content="Hello")
    message = Message.objects.get(pk=message.pk)
    assert (message.sender, message.receiver, message.content) == (ada, ben, "Hello")
    assert (message.edited, message.read, message.parent_message) == (False, False, None)
    assert isinstance(message.timestamp, datetime)


def test_post_save_notifies_the_receiver_and_nobody_else(ada: User, ben: User, cleo: User) -> None:
    message = Message.objects.create(sender=ada, receiver=ben, content="Hello")
    assert Notification.objects.get(message=message).user == ben
    assert Notification.objects.get(user=ben, message=message).read_at is None


def test_pre_save_logs_the_old_content_who_edited_and_when_and_sets_edited(ada: User, send: Send) -> None:
    message = send(ada, "Hello")
    message.content = "Hello, Ben"
    message.save()
    history = MessageHistory.objects.get(message=message)
    assert history.old_content == "Hello"
    assert history.edited_by == ada
    assert history.edited_at >= message.timestamp
    assert message.edited is True
    stored = Message.objects.get(pk=message.pk)
    assert (stored.content, stored.edited) == ("Hello, Ben", True)


def test_an_edit_notifies_nobody_a_second_time(ada: User, send: Send) -> None:
    message = send(ada, "Hello")
    before = list(Notification.objects.values())
    message.content = "Hello, Ben"
    message.save()
    assert list(Notification.objects.values()) == before


def test_a_threaded_conversation_is_its_roots_with_replies_attached_and_depths(ada: User, ben: User) -> None:
    first = Message.objects.create(sender=ada, receiver=ben, content="first")
    answer = Message.objects.create(sender=ben, receiver=ada, content="answer", parent_message=first)
    deeper = Message.objects.create(sender=ada, receiver=ben, content="deeper", parent_message=answer)
    second = Message.objects.create(sender=ben, receiver=ada, content="second")
    for one, other in ((ada, ben), (ben, ada)):
        roots = ThreadedMessage.get_threaded_conversation(one, other)
        assert [root.pk for root in roots] == [first.pk, second.pk]
        (reply,) = roots[0].answers
        (below,) = reply.answers
        assert [reply.pk, below.pk] == [answer.pk, deeper.pk]
        assert [roots[0].depth, reply.depth, below.depth] == [0, 1, 2]
        assert below.answers == roots[1].answers == []


def test_a_threaded_conversation_contains_only_messages_between_the_two_people(
    ada: User, ben: User, cleo: User, room: Conversation
) -> None:
    ours = Message.objects.create(sender=ada, receiver=ben, content="ours")
    Message.objects.create(sender=ada, receiver=cleo, content="another's")
    Message.objects.create(sender=ada, conversation=room, content="everybody's")
    assert [root.pk for root in ThreadedMessage.get_threaded_conversation(ada, ben)] == [ours.pk]
    assert ThreadedMessage.get_threaded_conversation(ben, cleo) == []


def test_a_thread_is_the_message_and_all_below_it_in_tree_order_with_depths(
    ada: User, ben: User, send: Send
) -> None:
    root = send(ada, "root")
    first = send(ben, "first", parent_message=root)
    second = send(ada, "second", parent_message=root)
    below_first = send(ada, "below first", parent_message=first)
    below_second = send(ben, "below second", parent_message=second)
    send(ada, "elsewhere")
    thread = ThreadedMessage.get_message_thread(root.pk)
    assert [(one.pk, one.depth) for one in thread] == [
        (root.pk, 0), (first.pk, 1), (below_first.pk, 2), (second.pk, 1), (below_second.pk, 2),
    ]  # fmt: skip
    assert all(isinstance(one, ThreadedMessage) for one in thread)
    part = ThreadedMessage.get_message_thread(second.pk)
    assert [one.pk for one in part] == [second.pk, below_second.pk]
    assert part[1].depth == part[0].depth + 1


def test_a_thread_of_no_message_does_not_exist(db: None) -> None:
    with pytest.raises(ThreadedMessage.DoesNotExist):
        ThreadedMessage.get_message_thread(404)


@contextmanager
def silenced(signal: ModelSignal) -> Iterator[None]:
    """Disconnects all receivers of the signal within the block."""
    receivers, signal.receivers = signal.receivers, []
    signal.sender_receivers_cache.clear()
    try:
        yield
    finally:
        signal.receivers = receivers
        signal.sender_receivers_cache.clear()


def test_without_post_save_nobody_would_be_notified(ada: User, send: Send) -> None:
    with silenced(post_save):
        send(ada, "Hello")
    assert not Notification.objects.exists()


def test_without_pre_save_no_history_would_be_logged(ada: User, send: Send) -> None:
    message = send(ada, "Hello")
    message.content = "Hello, Ben"
    with silenced(pre_save):
        message.save()
    assert not MessageHistory.objects.exists()


@pytest.mark.parametrize("is_connected", [True, False])
def test_post_delete_of_a_user_is_what_empties_the_caches(
    ada: User, is_connected: bool, django_capture_on_commit_callbacks: Callable
) -> None:
    caches["pages"].set("a-page", "of ada's words")
    with django_capture_on_commit_callbacks(execute=True):
        if is_connected:
            ada.delete()
        else:
            with silenced(post_delete):
                ada.delete()
    assert (caches["pages"].get("a-page") is None) == is_connected
