"""The messages of the inbox, of the reminders in it, and of the list of saved messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString

from messaging.caching.fragments import rendered_messages
from messaging.models import Message, Reminder, SavedMessage
from messaging.models.inbox.places import Place
from messaging.models.inbox.reminders import Due
from messaging.models.inbox.waiting import Group
from messaging.rendering.part_template import PartTemplate, Value
from messaging.rendering.rows import rendered_in_thread
from messaging.rendering.words import excerpt

ROW: Final = PartTemplate("messaging/inbox/_row.html")


@dataclass
class InboxRow:
    """A message in the inbox.

    Attributes:
        answered: the message that it answers, if that has to be said.
    """

    message: Message
    message_html: SafeString
    answered: Message | None = None
    of_reminder: bool = False

    @property
    def html(self) -> SafeString:
        author = self.answered.author if self.answered else None
        values: dict[str, Value] = {
            "pk": self.message.pk,
            "seq": self.message.seq,
            "message_html": self.message_html,
            "answered_name": author.name if author else "",
            "answered_author": author.pk if author else 0,
            "answered_excerpt": excerpt(self.answered, 90) if self.answered and author else "",
        }
        return ROW.render(
            values,
            has_answered=self.answered is not None,
            is_answered_removed=author is None,
            of_reminder=self.of_reminder,
        )


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
            row = InboxRow(message, html[message.pk], message.parent_message, of_reminder=True)
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
