"""A reminder comes to the inbox at its time, once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from messaging.background.models import QueuedTask
from messaging.models import Conversation, Message, Reminder, SavedMessage, User
from messaging.models.accounts.personal_data import parts_of
from messaging.models.db.refusals import Gone
from messaging.models.inbox.reminders import (
    dismiss,
    due_reminders,
    forget_reminder,
    remind,
    remind_again,
    remind_overdue,
    remind_when_due,
)
from messaging.models.inbox.saved import unsave_message
from messaging.models.inbox.sidebar import sidebar_of
from messaging.models.messages.saving import post
from messaging.models.rooms.members import add, leave

pytestmark = pytest.mark.django_db
NOON = datetime(2027, 7, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TASK = "messaging.models.inbox.reminders.remind_when_due"


@pytest.fixture
def message(room: Conversation, ada: User) -> Message:
    return post(room, ada, "Low water at four")


def run() -> None:
    """Run each task that was enqueued, whether it is due or not."""
    for task in QueuedTask.objects.filter(task=TASK):
        remind_when_due.call(*task.arguments["args"])


def due(user: User) -> list[str | None]:
    return [one.message.content if one.message else None for one in due_reminders(user)]


def test_it_comes_at_its_time_and_counts_as_personal(message: Message, ben: User) -> None:
    Message.unread_messages.mark_as_read_for_user(ben)
    with time_machine.travel(NOON, tick=False) as clock:
        remind(ben, message, NOON + HOUR)
        assert SavedMessage.objects.filter(user=ben, message=message).exists()
        clock.move_to(NOON + HOUR - timedelta(seconds=1))
        run()
        assert (due(ben), sidebar_of(ben).personal) == ([], 0)
        clock.move_to(NOON + HOUR)
        version = User.objects.get(pk=ben.pk).version
        run()
        assert (due(ben), sidebar_of(ben).personal) == (["Low water at four"], 1)
        assert User.objects.get(pk=ben.pk).version > version
        entry = sidebar_of(ben).entries[message.conversation_id]
        assert (entry.unread, entry.has_personal) == (0, False)  # nothing is unread in the room


def test_it_comes_once_whatever_runs_again_and_whatever_the_clock_says(message: Message, ben: User) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        remind(ben, message, NOON + HOUR)
        clock.move_to(NOON + 2 * HOUR)
        run()
        clock.move_to(NOON)  # set back
        run()
        remind_overdue.call()
        assert Reminder.objects.get().is_due
        dismiss(Reminder.objects.get())
        for hours in (0, 1, 3):
            clock.move_to(NOON + hours * HOUR)
            run()
            remind_overdue.call()
            run()
        assert due(ben) == []
        assert SavedMessage.objects.exists()


def test_a_changed_time_counts_and_a_forgotten_one_does_not(message: Message, ben: User) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        remind(ben, message, NOON + HOUR)
        remind(ben, message, NOON + 3 * HOUR)
        clock.move_to(NOON + 2 * HOUR)
        run()
        assert due(ben) == []
        clock.move_to(NOON + 4 * HOUR)
        run()
        assert len(due(ben)) == 1
        remind(ben, message, NOON + 5 * HOUR)  # later, from the inbox
        assert due(ben) == []
        forget_reminder(ben, message)
        clock.move_to(NOON + 6 * HOUR)
        run()
        assert due(ben) == []


def test_what_is_not_saved_any_more_is_not_reminded_of(message: Message, ben: User) -> None:
    remind(ben, message, NOON)
    unsave_message(ben, message)
    run()
    assert not Reminder.objects.exists()


def test_the_sweep_finds_a_reminder_whose_task_was_lost(message: Message, ben: User) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        remind(ben, message, NOON + HOUR)
        QueuedTask.objects.all().delete()
        clock.move_to(NOON + HOUR + timedelta(minutes=4))
        remind_overdue.call()
        assert not QueuedTask.objects.exists()
        clock.move_to(NOON + HOUR + timedelta(minutes=5))
        remind_overdue.call()
        run()
        assert len(due(ben)) == 1


@pytest.mark.parametrize("how", ["removed", "left", "author deleted"])
def test_it_says_that_the_message_is_no_longer_there(
    message: Message, room: Conversation, ada: User, ben: User, how: str
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        remind(ben, message, NOON + HOUR)
        if how == "removed":
            message.remove()
        elif how == "left":
            leave(room, ben)
        else:
            ada.delete()
        clock.move_to(NOON + 2 * HOUR)
        run()
        assert due(ben) == [None]
        if how == "left":
            add(room, ben)
            assert due(ben) == ["Low water at four"]
        dismiss(Reminder.objects.get())
        assert due(ben) == []


def test_done_can_be_undone_and_the_reminder_is_of_the_person_alone(
    message: Message, ada: User, ben: User
) -> None:
    with time_machine.travel(NOON, tick=False):
        remind(ben, message, NOON)
        run()
        dismiss(Reminder.objects.get())
        remind_again(ben, message)
        remind_again(ben, message)
        assert (due(ben), due(ada)) == (["Low water at four"], [])
        assert (sidebar_of(ben).personal, sidebar_of(ada).personal) == (1, 0)


def test_nobody_is_reminded_of_what_they_cannot_read(
    message: Message, room: Conversation, cleo: User
) -> None:
    leave(room, cleo)
    for act in (lambda: remind(cleo, message, NOON), lambda: remind_again(cleo, message)):
        with pytest.raises(Gone):
            act()
    assert not Reminder.objects.exists()


def test_the_export_has_them_and_deleting_the_person_deletes_them(message: Message, ben: User) -> None:
    remind(ben, message, NOON)
    assert parts_of(ben)["reminders"] == [{"message": message.pk, "at": NOON.isoformat(), "in_inbox": False}]
    ben.delete()
    assert not Reminder.objects.exists()
    run()
