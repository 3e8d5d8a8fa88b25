"""Ticking the tasks of a message; the rows are in `ticks.py`.

Tick and untick are two verbs, so that two presses that cross each other do no harm. A tick is no edit: the
text stays, and so does its history.
"""

from messaging.models.messages.changing import change_stored, may_write
from messaging.models.messages.message import Message
from messaging.models.messages.refused import invalid
from messaging.models.messages.ticks import Tick
from messaging.models.people.user import User
from messaging.text.tasks import tasks_in, with_states


def may_tick(message: Message, user: User) -> bool:
    """Whether the person may tick, if they may write in the conversation."""
    return message.sender_id == user.pk or message.is_ticked_by_all


def tick(message: Message, user: User, key: str) -> Message:
    """Mark a task as done. If it is done already, nothing changes, nor who ticked it.

    Args:
        key: of the task (`messaging.text.tasks.Task`).

    Returns:
        The message as it is now.

    Raises:
        ValidationError: the person may not tick; the list was edited since; the message was removed; the room
            is archived; or the person is no member.
        Gone: the message or the conversation was deleted.
    """
    return _set(message, user, key, is_done=True)


def untick(message: Message, user: User, key: str) -> Message:
    """Mark a task as not done, no matter who ticked it. Returns and raises what `tick` does."""
    return _set(message, user, key, is_done=False)


def let_all_tick(message: Message, by: User, all_may: bool) -> Message:
    """Say who may tick: everybody who may write in the conversation, or the author alone.

    Args:
        by: the author.

    Returns:
        The message as it is now.

    Raises:
        ValidationError: `by` is not the author; or as `tick`.
        Gone: as `tick`.
    """

    def write(stored: Message) -> bool:
        if stored.sender_id != by.pk:
            raise invalid("ticker")
        if stored.is_ticked_by_all == all_may:
            return False
        stored.is_ticked_by_all = all_may
        return Message.rows.filter(pk=stored.pk).update(is_ticked_by_all=all_may) > 0

    return change_stored(message, may_write(by), write)


def _set(message: Message, user: User, key: str, is_done: bool) -> Message:
    def write(stored: Message) -> bool:
        if not may_tick(stored, user):
            raise invalid("ticker")
        task = next((task for task in tasks_in(stored.content_html) if task.key == key), None)
        if task is None:
            raise invalid("tasks")
        if task.is_done == is_done:
            return False
        # A row means that the task is the opposite of what was typed.
        if not Tick.objects.filter(message=stored, item=task.place).delete()[0]:
            Tick.objects.create(message=stored, item=task.place, is_done=is_done, user=user)
        stored.content_html = with_states(stored.content_html, {task.place: is_done})
        return Message.rows.filter(pk=stored.pk).update(content_html=stored.content_html) > 0

    return change_stored(message, may_write(user), write)
