"""Every way of saving an edit logs history once, sets `edited`, renders the HTML and takes a new version."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models.signals import post_save

from messaging.models import Conversation, Message, MessageHistory, ThreadedMessage, User
from tests.contract.conftest import Send

Way = Callable[[Message, User, str], Message]


def saved(message: Message, text: str, **options: Any) -> Message:
    message.content = text
    message.save(**options)
    return message


def by_update_or_create(message: Message, reader: User, text: str) -> Message:
    changed, created = Message.objects.update_or_create(pk=message.pk, defaults={"content": text})
    assert not created
    return changed


def by_a_stale_instance(message: Message, reader: User, text: str) -> Message:
    stale = Message.objects.get(pk=message.pk)
    Message.objects.create(sender=message.sender, conversation=message.conversation, content="meanwhile")
    return saved(stale, text)


WAYS: dict[str, Way] = {
    "save()": lambda message, reader, text: saved(message, text),
    "save() after get()": lambda m, reader, text: saved(Message.objects.get(pk=m.pk), text),
    "update_fields=content": lambda m, reader, text: saved(m, text, update_fields=["content"]),
    "update_fields of more": lambda m, reader, text: saved(m, text, update_fields={"content", "read"}),
    "force_update": lambda m, reader, text: saved(m, text, force_update=True),
    "only(content)": lambda m, reader, text: saved(Message.objects.only("content").get(pk=m.pk), text),
    "only(pk)": lambda m, reader, text: saved(Message.objects.only("pk").get(pk=m.pk), text),
    "defer(content)": lambda m, reader, text: saved(Message.objects.defer("content").get(pk=m.pk), text),
    "for_user()": lambda m, reader, text: saved(Message.unread_messages.for_user(reader).get(pk=m.pk), text),
    "update_or_create()": by_update_or_create,
    "ThreadedMessage": lambda m, reader, text: saved(ThreadedMessage.objects.get(pk=m.pk), text),
    "get_message_thread()": lambda m, reader, text: saved(ThreadedMessage.get_message_thread(m.pk)[0], text),
    "a stale instance": by_a_stale_instance,
}
every_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())


def stored(message: Message) -> dict[str, object]:
    return dict(Message.objects.values().get(pk=message.pk))


def version_of(message: Message) -> int:
    return Conversation.objects.values_list("version", flat=True).get(pk=message.conversation_id)


@every_way
def test_an_edit_logs_history_once_sets_edited_renders_the_html_and_raises_the_version(
    way: Way, ada: User, ben: User, send: Send
) -> None:
    message = send(ada, "The *old* text")
    before = stored(message)
    instance = way(message, ben, "The *new* text")
    after = stored(message)

    history = MessageHistory.objects.get(message=message)
    assert (history.old_content, history.edited_by) == ("The *old* text", ada)
    assert after["edited"] is True
    assert after["edited_at"] is not None
    assert after["content_html"] == "<p>The <em>new</em> text</p>"
    assert before["version"] != after["version"] == version_of(message)
    written = {"content", "content_html", "renderer_version", "edited", "edited_at", "version"}
    assert {name for name in before if before[name] != after[name]} <= written
    assert {name: getattr(instance, name) for name in written} == {name: after[name] for name in written}


@every_way
def test_saving_without_changing_the_text_logs_nothing_and_keeps_the_version(
    way: Way, ada: User, ben: User, send: Send
) -> None:
    message = send(ada, "The same text")
    before = stored(message)
    way(message, ben, "The same text")
    assert stored(message) == before
    assert not MessageHistory.objects.exists()


def test_a_save_that_changes_nothing_takes_no_version(ada: User, send: Send) -> None:
    message = send(ada, "The same text")
    version = version_of(message)
    message.save()
    assert version_of(message) == version


def test_update_or_create_sends_a_new_message(ada: User, ben: User) -> None:
    message, created = Message.objects.update_or_create(
        sender=ada, receiver=ben, defaults={"content": "Hello"}
    )
    assert created
    assert Message.unread_messages.for_user(ben).get() == message


def test_a_stale_instance_logs_the_text_that_it_really_replaces(ada: User, send: Send) -> None:
    message = send(ada, "first")
    stale = Message.objects.get(pk=message.pk)
    saved(message, "second")
    saved(stale, "third")
    texts = MessageHistory.objects.filter(message=message).order_by("number")
    assert [(text.number, text.old_content) for text in texts] == [(1, "first"), (2, "second")]


def test_saving_an_unchanged_stale_instance_keeps_or_logs_the_newer_text(ada: User, send: Send) -> None:
    message = send(ada, "first")
    stale = Message.objects.get(pk=message.pk)
    saved(message, "second")
    stale.save()
    texts = [text.old_content for text in MessageHistory.objects.order_by("number")]
    now = Message.objects.get(pk=message.pk).content
    assert [*texts, now] in (["first", "second"], ["first", "second", "first"])


def test_a_stale_instance_does_not_bring_a_removed_text_back(ada: User, send: Send) -> None:
    message = send(ada, "taken back")
    stale = Message.objects.get(pk=message.pk)
    message.remove()
    with pytest.raises(ValidationError):
        saved(stale, "taken back, or not")
    assert Message.objects.get(pk=message.pk).content == ""
    assert not MessageHistory.objects.exists()


@pytest.mark.parametrize("model", [Message, ThreadedMessage])
def test_a_message_created_with_edited_by_hand_is_corrected(
    model: type[Message], ada: User, ben: User
) -> None:
    message = model.objects.create(sender=ada, receiver=ben, content="Hello", edited=True)
    assert message.edited is False
    assert Message.objects.get(pk=message.pk).edited is False


def test_edited_cannot_be_set_or_taken_back_by_hand(ada: User, send: Send) -> None:
    message = send(ada, "Hello")
    message.edited = True
    message.save()
    assert Message.objects.get(pk=message.pk).edited is False
    saved(message, "Hello, Ben")
    message.edited = False
    saved(message, "Hello, dear Ben")
    message.edited = False
    message.save(update_fields=["edited"])
    assert Message.objects.get(pk=message.pk).edited is True


def test_a_save_that_fails_half_way_leaves_no_history_behind(ada: User, send: Send) -> None:
    message = send(ada, "Hello")
    before, version = stored(message), version_of(message)

    def fail(**kwargs: object) -> None:
        assert MessageHistory.objects.count() == 1
        raise RuntimeError("after the text and its history were written")

    post_save.connect(fail, sender=Message)
    try:
        with pytest.raises(RuntimeError, match="after the text"):
            saved(message, "Hello, Ben")
    finally:
        post_save.disconnect(fail, sender=Message)
    assert not MessageHistory.objects.exists()
    assert stored(message) == before
    assert version_of(message) == version


@pytest.mark.parametrize("text", ["", " \n", "x" * 10_001], ids=["empty", "blank", "too long"])
def test_a_text_that_is_refused_leaves_no_history_behind(text: str, ada: User, send: Send) -> None:
    message = send(ada, "Hello")
    before = stored(message)
    with pytest.raises(ValidationError):
        saved(message, text)
    assert not MessageHistory.objects.exists()
    assert stored(message) == before


def test_whose_message_it_is_cannot_be_changed_by_saving(ada: User, ben: User, send: Send) -> None:
    message = send(ada, "Hello")
    message.sender = ben
    with pytest.raises(ValidationError, match="cannot be changed"):
        saved(message, "Ben said so")
    assert Message.objects.get(pk=message.pk).sender == ada
    assert not MessageHistory.objects.exists()
