"""Scheduled messages: sent once, by the rules that hold at that time, and never lost."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast
from unittest.mock import patch
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from messaging.models import Conversation, Message, ScheduledMessage, User
from messaging.models.accounts.personal_data import parts_of, what_is_deleted
from messaging.models.db.refusals import Gone
from messaging.models.messages import scheduling
from messaging.models.messages.conflicts import ClientIdTaken
from messaging.models.messages.saving import post
from messaging.models.messages.scheduling import (
    MOST_SCHEDULED,
    ChangedMeanwhile,
    delete_scheduled,
    reschedule,
    schedule,
    send_overdue,
    send_scheduled,
    send_when_due,
)
from messaging.models.rooms.members import leave
from messaging.models.rooms.settings import archive, remove_room
from tests.queue import run_tasks

pytestmark = [pytest.mark.django_db, pytest.mark.backends]
HOUR = timedelta(hours=1)


def later(user: User, room: Conversation, text: str = "Later, @ada", **more: Any) -> ScheduledMessage:
    schedule(user, room, text, timezone.now() + HOUR, uuid4(), **more)
    return user.scheduled.latest("pk")


def at_its_time(scheduled: ScheduledMessage) -> "time_machine.travel":
    return time_machine.travel(scheduled.due_at, tick=False)


def sent() -> list[str]:
    return list(Message.rows.filter(removed_at=None).order_by("pk").values_list("content", flat=True))


def test_it_is_sent_at_its_time_and_not_before_as_any_message_is(
    room: Conversation, ada: User, ben: User
) -> None:
    root = post(room, ada, "Root")
    scheduled = later(ben, room, parent=root)
    send_when_due.call(scheduled.pk)  # too early, as by a machine whose clock is ahead
    assert sent() == ["Root"]
    with at_its_time(scheduled):
        run_tasks()
    message = Message.rows.get(sender=ben)
    assert (message.content, message.parent_message, message.timestamp) == (
        "Later, @ada",
        root,
        scheduled.due_at,
    )
    assert ada.notifications.get(message=message).reason == "mention"
    assert not ScheduledMessage.objects.exists()


def test_a_clock_that_is_set_back_sends_nothing_twice(room: Conversation, ben: User) -> None:
    scheduled = later(ben, room)
    with at_its_time(scheduled):
        run_tasks()
    with time_machine.travel(scheduled.due_at - 2 * HOUR, tick=False):
        send_scheduled(scheduled.pk)
        send_overdue.call()
        run_tasks()
    with at_its_time(scheduled):
        run_tasks()
    assert sent() == ["Later, @ada"]


def test_sending_and_deleting_the_row_are_one(room: Conversation, ben: User) -> None:
    scheduled = later(ben, room)
    with (
        patch.object(ScheduledMessage.objects.none().__class__, "delete", side_effect=OSError("killed")),
        pytest.raises(OSError, match="killed"),
    ):
        send_scheduled(scheduled.pk, is_now=True)
    assert sent() == []
    assert send_scheduled(scheduled.pk, is_now=True)
    assert sent() == ["Later, @ada"]


def test_a_message_that_was_sent_although_its_row_is_left_is_not_sent_again(
    room: Conversation, ben: User
) -> None:
    """As if only this table came from an older backup: the `client_id` decides."""
    scheduled = later(ben, room)
    earlier = post(room, ben, scheduled.text, client_id=scheduled.client_id)
    assert send_scheduled(scheduled.pk, is_now=True) == earlier
    assert sent() == ["Later, @ada"]
    assert not ScheduledMessage.objects.exists()


def test_what_its_author_changes_at_that_moment_is_not_sent_as_it_was(room: Conversation, ben: User) -> None:
    scheduled = later(ben, room)
    posted = scheduling.post

    def post_late(*args: Any) -> Message:
        reschedule(scheduled, "Other words", scheduled.due_at + HOUR)
        return posted(*args)

    with patch.object(scheduling, "post", post_late), pytest.raises(ChangedMeanwhile):
        send_scheduled(scheduled.pk, is_now=True)
    assert sent() == []
    assert ScheduledMessage.objects.count() == 1


def test_a_lost_task_is_replaced(room: Conversation, ben: User) -> None:
    scheduled = later(ben, room)
    with time_machine.travel(scheduled.due_at + HOUR, tick=False):
        send_overdue.call()
        run_tasks()
    assert sent() == ["Later, @ada"]


Act = Callable[[Conversation, Message, User, User], Any]
LOSSES: dict[str, Act] = {
    "sender": lambda room, root, ada, ben: leave(room, ben),
    "archived": lambda room, root, ada, ben: archive(room, by=ada),
    "gone": lambda room, root, ada, ben: remove_room(room, by=ada),
    "parent": lambda room, root, ada, ben: root.remove(by=ada),
    "inactive": lambda room, root, ada, ben: User.objects.filter(pk=ben.pk).update(is_active=False),
}


@pytest.mark.parametrize("code", LOSSES)
def test_what_can_no_longer_be_sent_is_kept_with_the_reason(
    room: Conversation, ada: User, ben: User, code: str
) -> None:
    root = post(room, ada, "Root")
    scheduled = later(ben, room, parent=root)
    LOSSES[code](room, root, ada, ben)
    before = User.objects.get(pk=ben.pk).version
    with at_its_time(scheduled):
        run_tasks()
        run_tasks()
    assert not Message.rows.filter(sender=ben).exists()
    scheduled.refresh_from_db()
    assert (scheduled.refused, scheduled.text) == (code, "Later, @ada")
    assert scheduling.REASONS[code]
    assert User.objects.get(pk=ben.pk).version > before  # open pages are told


def test_a_reply_never_becomes_a_message_of_the_timeline(room: Conversation, ada: User, ben: User) -> None:
    root = post(room, ada, "Root")
    scheduled = later(ben, room, parent=root)
    root.delete()
    assert send_scheduled(scheduled.pk, is_now=True) is None
    assert ScheduledMessage.objects.get().refused == "parent"


def test_with_the_conversation_the_text_does_not_go(ada: User, ben: User) -> None:
    direct = Conversation.objects.direct(ada, ben)
    scheduled = later(ben, direct, "Hello")
    ada.delete()
    assert send_scheduled(scheduled.pk, is_now=True) is None
    assert ScheduledMessage.objects.get().refused == "gone"


def test_it_can_be_changed_tried_again_and_deleted(room: Conversation, ada: User, ben: User) -> None:
    scheduled = later(ben, room)
    archive(room, by=ada)
    send_scheduled(scheduled.pk, is_now=True)
    Conversation.objects.filter(pk=room.pk).update(archived_at=None)
    due: datetime = scheduled.due_at + HOUR
    reschedule(scheduled, "Other words", due)
    with at_its_time(scheduled):
        assert send_scheduled(scheduled.pk) is None
    with time_machine.travel(due, tick=False):
        run_tasks()
    assert sent() == ["Other words"]
    with pytest.raises(Gone):
        reschedule(scheduled, "Too late", due)
    room.refresh_from_db()
    other = later(ben, room)
    delete_scheduled(other)
    assert send_scheduled(other.pk, is_now=True) is None


def test_asking_twice_schedules_once_and_a_used_id_is_refused(room: Conversation, ben: User) -> None:
    key, due = uuid4(), timezone.now() + HOUR
    for _ in range(2):
        schedule(ben, room, "Once", due, key)
    [scheduled] = ben.scheduled.all()
    send_scheduled(scheduled.pk, is_now=True)
    schedule(ben, room, "Once", due, key)
    assert not ben.scheduled.exists()
    with pytest.raises(ClientIdTaken):
        schedule(ben, room, "Twice", due, key)


def test_what_cannot_be_sent_now_cannot_be_scheduled(room: Conversation, ada: User, ben: User) -> None:
    root = post(room, ada, "Root")
    root.remove(by=ada)
    for prepare, parent, code in (
        (lambda: None, root, "parent"),
        (lambda: archive(room, by=ada), None, "archived"),
    ):
        prepare()
        with pytest.raises(ValidationError) as refused:
            later(ben, room, parent=parent)
        assert refused.value.code == code


def test_there_is_a_number_of_them(room: Conversation, ben: User) -> None:
    more = {"user": ben, "conversation": room, "text": "word", "due_at": timezone.now()}
    ScheduledMessage.objects.bulk_create(
        ScheduledMessage(client_id=uuid4(), **more) for _ in range(MOST_SCHEDULED)
    )
    with pytest.raises(ValidationError, match=f"{MOST_SCHEDULED} scheduled messages"):
        later(ben, room)


def test_it_is_exported_and_goes_with_the_account(room: Conversation, ben: User) -> None:
    later(ben, room)
    [exported] = cast(list[dict[str, object]], parts_of(ben)["scheduled_messages"])
    assert exported["text"] == "Later, @ada"
    assert what_is_deleted([ben.pk])["scheduled messages"] == 1
    ben.delete()
    assert not ScheduledMessage.objects.exists()
    run_tasks()
    assert sent() == []
