"""The groups of the inbox, with the rows of their messages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from messaging.caching.fragments import rendered_messages
from messaging.models import Message, Reminder, SavedMessage
from messaging.models.inbox.places import Place
from messaging.models.inbox.reminders import Due
from messaging.models.inbox.waiting import Group
from messaging.models.inbox.why import Cause
from messaging.rendering.rows import rendered_in_thread
from messaging.rendering.why import Answer, answer_of


@dataclass
class InboxRow:
    """A message in the inbox.

    Attributes:
        answers: the message that it answers, if that has to be said.
    """

    message: Message
    html: SafeString
    answers: Message | None = None


@dataclass
class GroupPart:
    """A group as a page shows it. `root` is the first message of its thread; `why` says why its messages are
    for the person, and where that can be changed."""

    group: Group
    root: Message | None
    rows: list[InboxRow]
    why: list[Answer]
    is_followed: bool = False

    @property
    def more(self) -> int:
        """How many of its messages are not shown."""
        return self.group.count - len(self.rows)


def group_parts(
    groups: Sequence[Group],
    messages: Mapping[int, Message],
    followed: Collection[int | None],
    causes: Mapping[int, Cause],
    people_version: int,
) -> list[GroupPart]:
    """The groups with their rows. Groups whose messages were all removed meanwhile are left out.

    Args:
        messages: by id, those that the groups show and the first ones of their threads.
        followed: the ids of the first messages of those threads that the reader follows.
        causes: why each message is for the reader, by its id.
        people_version: the installation's, read before the messages.
    """
    shown = {pk for group in groups for pk in group.shown}
    html = rendered_inbox([message for pk, message in messages.items() if pk in shown], people_version)
    parts = []
    for group in groups:
        found = [messages[pk] for pk in group.shown if pk in html]
        rows, before = [], None
        for message in found:
            rows.append(InboxRow(message, html[message.pk], _answered(message, before)))
            before = message
        if rows:
            thread = group.place.thread
            why = [answer_of(causes[row.message.pk], row.message) for row in rows]
            parts.append(
                GroupPart(
                    group, messages.get(thread or 0), rows, list(dict.fromkeys(why)), thread in followed
                )
            )
    return parts


@dataclass
class SavedPart:
    """A message that the person saved, and when they will be reminded of it, if they will.

    `answers_at` is the key of the element in which the page shows the person's answer to it; "" if another
    message has that element.
    """

    saved: SavedMessage
    row: InboxRow
    reminder: Reminder | None
    answers_at: str


@dataclass
class ReminderPart:
    """A reminder in the inbox. `row` is None if its message is no longer there for the person.
    `answers_at` is as in `SavedPart`.
    """

    reminder: Reminder
    row: InboxRow | None
    answers_at: str


def saved_parts(
    saved: Sequence[SavedMessage], reminders: Mapping[int, Reminder], people_version: int
) -> list[SavedPart]:
    """Saved messages with their rows. Their messages were loaded with them.

    Args:
        reminders: the person's reminders of these messages, by the message's id.
    """
    html = rendered_inbox([one.message for one in saved], people_version)
    places: set[str] = set()
    return [
        SavedPart(
            one,
            InboxRow(one.message, html[one.message_id], one.message.parent_message),
            reminders.get(one.message_id),
            _answers_at(one.message, places),
        )
        for one in saved
        if one.message_id in html
    ]


def reminder_parts(due: Sequence[Due], groups: Sequence[Group], people_version: int) -> list[ReminderPart]:
    """The reminders of the inbox with the rows of their messages.

    Args:
        groups: the groups below them.
    """
    html = rendered_inbox([one.message for one in due if one.message], people_version)
    places, parts = {group.place.key for group in groups}, []
    for one in due:
        row, answers_at = None, ""
        if (message := one.message) and message.pk in html:
            row = InboxRow(message, html[message.pk], message.parent_message)
            answers_at = _answers_at(message, places)
        parts.append(ReminderPart(one.reminder, row, answers_at))
    return parts


def _answers_at(message: Message, taken: set[str]) -> str:
    """The key of the thread that an answer to the message is in, unless another message has taken it."""
    key = Place(message.conversation_id, message.thread_root_id or message.pk).key
    if key in taken:
        return ""
    taken.add(key)
    return key


def inbox_row(message: Message, people_version: int) -> InboxRow:
    """The row of one message, with its sender loaded."""
    return InboxRow(message, rendered_inbox([message], people_version)[message.pk])


def rendered_inbox(messages: Sequence[Message], people_version: int) -> dict[int, SafeString]:
    """The HTML of messages by id, as in a thread: with the day, and without a summary of the thread below."""
    by_id = {message.pk: message for message in messages}
    versions = {message.pk: message.version for message in messages}
    return rendered_messages(
        versions,
        people_version,
        lambda ids: rendered_in_thread([by_id[pk] for pk in ids], people_version),
        variant="thread",
    )


def _answered(message: Message, before: Message | None) -> Message | None:
    """What a reply answers, unless that is in sight: the thread's first message, or the row before."""
    parent = message.parent_message
    if parent is None or parent.pk in (message.thread_root_id, before and before.pk):
        return None
    return parent
