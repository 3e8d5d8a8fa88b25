"""The rules of editing hold for every way of saving, and are checked under the lock."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from messaging.models import Conversation, Installation, Membership, Message, MessageHistory, User
from messaging.models.messages.saving import post
from messaging.models.rooms.members import leave

pytestmark = [pytest.mark.django_db, pytest.mark.backends]

Way = Callable[[Message, str], None]


def by_save(message: Message, text: str) -> None:
    message.content = text
    message.save()


def by_update_fields(message: Message, text: str) -> None:
    message.content = text
    message.save(update_fields=["content"])


def by_update_or_create(message: Message, text: str) -> None:
    Message.objects.update_or_create(pk=message.pk, defaults={"content": text})


def by_edit(message: Message, text: str) -> None:
    message.edit(text)


every_way = pytest.mark.parametrize("way", [by_save, by_update_fields, by_update_or_create, by_edit])


@every_way
def test_an_edit_after_the_window_is_refused(way: Way, ada: User, room: Conversation) -> None:
    Installation.objects.update(edit_minutes=5)
    message = post(room, ada, "first")
    with time_machine.travel(timezone.now() + timedelta(minutes=4), tick=False):
        way(message, "in time")
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        with pytest.raises(ValidationError) as late:
            way(message, "too late")
        way(Message.objects.get(pk=message.pk), "in time")  # the same text is no edit
    assert late.value.code == "late"
    assert Message.objects.get(pk=message.pk).content == "in time"
    assert MessageHistory.objects.count() == 1


@every_way
@pytest.mark.parametrize("gone", ["left", "deactivated"])
def test_an_edit_by_somebody_who_is_no_member_any_more_is_refused(
    way: Way, gone: str, ada: User, ben: User, room: Conversation
) -> None:
    message = post(room, ben, "first")
    if gone == "left":
        leave(room, ben)
    else:
        User.objects.filter(pk=ben.pk).update(is_active=False)
    with pytest.raises(ValidationError) as refused:
        way(message, "second")
    assert refused.value.code == "editor"
    assert Message.objects.get(pk=message.pk).content == "first"
    User.objects.filter(pk=ben.pk).update(is_active=True)
    Membership.objects.get_or_create(conversation=room, user=ben)
    way(Message.objects.get(pk=message.pk), "second")


@pytest.mark.parametrize("fields", [["removal_reason"], ["sender"], ["content", "depth"], ["client_id"]])
def test_a_column_that_is_not_saved_is_refused_by_name(
    fields: list[str], ada: User, room: Conversation
) -> None:
    message = post(room, ada, "first")
    with pytest.raises(TypeError, match=fields[-1]):
        message.save(update_fields=fields)
    assert Message.objects.get(pk=message.pk).content == "first"
