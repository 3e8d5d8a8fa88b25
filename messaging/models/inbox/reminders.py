"""Reminders: at a time that a person chose, a message that they saved comes to their inbox again, once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from messaging.models.conversations.conversation import Conversation
from messaging.models.db.registry import PersonPart, register_person_part
from messaging.models.db.tasks import task
from messaging.models.inbox.saved import lock_and_save, readable
from messaging.models.messages.message import Message
from messaging.models.messages.saving import post
from messaging.models.people.user import User

SHOWN = 20  # reminders that the inbox shows at once
OVERDUE = timedelta(minutes=5)  # so late, its task must have been lost
AT_ONCE = 1000  # that one run of `remind_overdue` enqueues


class Reminder(models.Model):
    """A reminder of a message for a person: waiting for its time, or in their inbox if `is_due`.

    `about` is the id of the message. It is no foreign key: if the message was removed, the inbox says so,
    instead of keeping silent about what the person wanted to be reminded of.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders", db_index=False
    )
    about = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    is_due = models.BooleanField(default=False)

    objects: ClassVar[models.Manager["Reminder"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "about"], name="one_reminder"),
        ]
        indexes = [
            # What the inbox shows and its badge counts.
            models.Index(fields=["user", "at"], condition=Q(is_due=True), name="reminders_due"),
            # Reminders whose time has come, which the task puts into the inbox.
            models.Index(fields=["at"], condition=Q(is_due=False), name="reminders_to_come"),
        ]

    def __str__(self) -> str:
        return f"reminder of {self.about} for {self.user} at {self.at}"


@dataclass
class Due:
    """A reminder in the inbox. `message` is None if the person cannot read it any more, or it was removed."""

    reminder: Reminder
    message: Message | None


def remind(user: User, message: Message, at: datetime) -> None:
    """Remind the person of a message at a time, and save it. A reminder of the same message is replaced.

    Raises:
        Gone: the message was removed, or the person cannot read it any more.
    """
    with transaction.atomic():
        lock_and_save(user, message)
        reminder, _is_new = Reminder.objects.update_or_create(
            user=user, about=message.pk, defaults={"at": at, "is_due": False}
        )
        remind_when_due.using(run_after=at).enqueue(reminder.pk)


def remind_of_text(user: User, text: str, at: datetime, client_id: UUID | None = None) -> Message:
    """Remind the person of a text, which becomes a message in their notes to themselves.

    Args:
        client_id: of that message, so that what is sent again is one note.

    Returns:
        The message.

    Raises:
        ValidationError, ClientIdTaken: as `post`.
        Gone: as `remind`.
    """
    notes = Conversation.objects.direct(user, user)
    with transaction.atomic():
        note = post(notes, user, text, client_id=client_id)
        remind(user, note, at)
    return note


def remind_again(user: User, message: Message) -> None:
    """Undo `dismiss`: the reminder is in the inbox again, and the message saved.

    Raises:
        Gone: as `remind`.
    """
    with transaction.atomic():
        lock_and_save(user, message)
        Reminder.objects.get_or_create(
            user=user, about=message.pk, defaults={"at": timezone.now(), "is_due": True}
        )


def forget_reminder(user: User, message: Message) -> None:
    """Do not remind the person of this message. It stays saved."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).raise_version()  # which locks the person
        user.reminders.filter(about=message.pk).delete()


def dismiss(reminder: Reminder) -> None:
    """Mark a reminder as done: it leaves the inbox for good. The message stays saved."""
    with transaction.atomic():
        User.objects.filter(pk=reminder.user_id).raise_version()
        Reminder.objects.filter(pk=reminder.pk, is_due=True).delete()


def due_reminders(user: User) -> list[Due]:
    """The first of the reminders in the person's inbox, the earliest first: at most two queries."""
    reminders = list(user.reminders.filter(is_due=True).order_by("at", "pk")[:SHOWN])
    if not reminders:
        return []
    about = readable(user, [one.about for one in reminders])
    messages = about.select_related("sender", "conversation", "parent_message__sender").in_bulk()
    return [Due(one, messages.get(one.about)) for one in reminders]


def reminders_of(user: User, message_ids: list[int]) -> dict[int, Reminder]:
    """The person's reminders of these messages, by the message's id: one query."""
    return {one.about: one for one in user.reminders.filter(about__in=message_ids)}


@task()
def remind_when_due(pk: int) -> None:
    """Put a reminder into the inbox; or run again at its time, if that was changed or this clock is behind.

    What is in the inbox already stays there, whatever this clock says, so nobody is reminded twice.
    """
    waiting = Reminder.objects.filter(pk=pk, is_due=False)
    with transaction.atomic():
        if not User.objects.filter(reminders__in=waiting).raise_version():  # which locks the person
            return
        at = waiting.values_list("at", flat=True).first()
        if at is None:
            return
        if at > timezone.now():
            remind_when_due.using(run_after=at).enqueue(pk)
        else:
            waiting.filter(at=at).update(is_due=True)


@task()
def remind_overdue() -> None:
    """Periodic: enqueue reminders that are overdue, because their task was given up or lost."""
    overdue = Reminder.objects.filter(is_due=False, at__lte=timezone.now() - OVERDUE)
    for pk in overdue.order_by("at").values_list("pk", flat=True)[:AT_ONCE]:
        remind_when_due.enqueue(pk)


register_person_part(
    PersonPart(
        Reminder,
        "user",
        exported_as="reminders",
        export=lambda user: [
            {"message": one.about, "at": one.at.isoformat(), "in_inbox": one.is_due}
            for one in user.reminders.order_by("at", "pk")
        ],
    )
)
