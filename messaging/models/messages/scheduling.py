"""Sending later: schedule a message, change it, and send it when its time has come, once.

Locks are taken in the order conversation, scheduled message, and never a person after a scheduled message.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from messaging.models.conversations.conversation import Conversation
from messaging.models.db.refusals import Gone, Refused
from messaging.models.db.tasks import task
from messaging.models.messages.drafting import Place, forget_sent
from messaging.models.messages.message import Message
from messaging.models.messages.refused import invalid
from messaging.models.messages.saving import post
from messaging.models.messages.scheduled import ScheduledMessage
from messaging.models.people.user import User

MOST_SCHEDULED = 100  # of one person
OVERDUE = timedelta(minutes=5)  # so late, its task must have been lost
AT_ONCE = 1000  # that one run of `send_overdue` enqueues

OTHER = "other"
REASONS = {
    "sender": _("You are no longer a member of this conversation."),
    "inactive": _("Your account was deactivated at that time."),
    "gone": _("The conversation was removed."),
    "archived": _("The room is archived."),
    "group_mention": _("You can no longer notify everybody there. Take the mention out, and try again."),
    "parent": _("The message that it replies to was removed."),
    OTHER: _("The text was refused. Edit it, and try again."),
}


class ChangedMeanwhile(Exception):
    """The author changed it while it was being sent; nothing was sent."""


def schedule(
    user: User,
    conversation: Conversation,
    text: str,
    due_at: datetime,
    client_id: UUID,
    parent: Message | None = None,
    draft: int | None = None,
) -> None:
    """Send a message later. If that was asked for under this `client_id` before, nothing changes.

    Args:
        text: cleaned.
        due_at: when to send it.
        parent: the message that it replies to.
        draft: the version of the draft that it was, as for `saving.post`.

    Raises:
        ValidationError: the person has too many scheduled messages, the parent was removed, or the room is
            archived.
        ClientIdTaken: the `client_id` was used for another message.
        Gone: the account or the conversation was deleted.
    """
    if conversation.archived_at:
        raise invalid("archived")
    if parent and parent.is_removed:
        raise invalid("parent")
    if Message.rows.sent_before(conversation, user, text, parent, client_id):
        return
    new = ScheduledMessage(
        user=user,
        conversation=conversation,
        reply_to=parent.pk if parent else None,
        text=text,
        due_at=due_at,
        client_id=client_id,
    )
    try:
        _add(new, draft)
    except IntegrityError:  # at the commit: the conversation is not locked
        raise Gone from None


def _add(new: ScheduledMessage, draft: int | None) -> None:
    with transaction.atomic():
        _lock(new.user)
        if new.user.scheduled.filter(client_id=new.client_id).exists():
            return
        if new.user.scheduled.count() >= MOST_SCHEDULED:
            refusal = ngettext(
                "You have %(number)d scheduled message already. Delete one, or wait until one is sent.",
                "You have %(number)d scheduled messages already. Delete one, or wait until one is sent.",
                MOST_SCHEDULED,
            )
            raise ValidationError(refusal % {"number": MOST_SCHEDULED}, code="scheduled")
        new.save()
        if draft is not None:
            place = Place(new.conversation_id or 0, new.reply_to or 0)
            forget_sent(new.user, place, new.client_id, draft)
        _enqueue(new.pk, new.due_at)


def scheduled_ids(user: User, conversation: Conversation) -> list[UUID]:
    """The `client_id` of each message that the person is going to send there."""
    waiting = user.scheduled.filter(conversation=conversation, refused="")
    return list(waiting.order_by("due_at", "pk").values_list("client_id", flat=True))


def reschedule(scheduled: ScheduledMessage, text: str, due_at: datetime) -> None:
    """Change the text or the time. What was refused is tried again at that time.

    Raises:
        Gone: it was sent or deleted meanwhile.
    """
    with transaction.atomic():
        _lock(scheduled.user)
        this = ScheduledMessage.objects.filter(pk=scheduled.pk)
        if not this.update(text=text, due_at=due_at, refused=""):
            raise Gone
        _enqueue(scheduled.pk, due_at)


def delete_scheduled(scheduled: ScheduledMessage) -> None:
    """Delete it unsent. Without effect if it was sent meanwhile."""
    with transaction.atomic():
        _lock(scheduled.user)
        ScheduledMessage.objects.filter(pk=scheduled.pk).delete()


def send_scheduled(pk: int, is_now: bool = False) -> Message | None:
    """Send a scheduled message as its author would now, and delete its row, in one transaction.

    What is refused stays, with the reason.

    Args:
        is_now: send it also before its time, or after it was refused, because its author asked for that.

    Returns:
        The message; None if it was refused, is not due, or is no longer there.

    Raises:
        ChangedMeanwhile: the author changed it at this moment.
    """
    with transaction.atomic():
        found = ScheduledMessage.objects.select_related("user", "conversation").filter(pk=pk).first()
        if found is None or (not is_now and (found.refused or found.due_at > timezone.now())):
            return None
        # Read without a lock: below only what was read is changed or deleted.
        this = ScheduledMessage.objects.filter(pk=pk, text=found.text, due_at=found.due_at)
        try:
            message = _post(found)
        except (ValidationError, Refused) as refused:
            code = str(getattr(refused, "code", ""))
            this.update(refused=code if code in REASONS else OTHER)
            message = None
        if message and not this.delete()[0]:
            raise ChangedMeanwhile
    User.objects.filter(pk=found.user_id).raise_version()  # the author's open pages show what is scheduled
    return message


def _post(scheduled: ScheduledMessage) -> Message:
    """Raises ValidationError or Refused, with the code of a reason."""
    conversation = scheduled.conversation
    if not scheduled.user.is_active:
        raise Refused("inactive")
    if conversation is None or conversation.removed_at:
        raise Refused("gone")
    parent = None
    if scheduled.reply_to:
        parent = Message.rows.filter(pk=scheduled.reply_to, conversation=conversation).first()
        if parent is None:
            raise Refused("parent")
    return post(conversation, scheduled.user, scheduled.text, parent, scheduled.client_id)


def _lock(user: User) -> None:
    """Lock the person, whose open pages show what is scheduled."""
    if not User.objects.filter(pk=user.pk).raise_version():
        raise Gone


def _enqueue(pk: int, due_at: datetime) -> None:
    send_when_due.using(run_after=due_at).enqueue(pk)


@task()
def send_when_due(pk: int) -> None:
    """Send a scheduled message; or run again at its time, if that was changed or this clock is behind."""
    try:
        send_scheduled(pk)
    except ChangedMeanwhile:
        send_when_due.enqueue(pk)
        return
    later = ScheduledMessage.objects.filter(pk=pk, refused="", due_at__gt=timezone.now())
    if due_at := later.values_list("due_at", flat=True).first():
        _enqueue(pk, due_at)


@task()
def send_overdue() -> None:
    """Periodic: enqueue what should have been sent, if its own task was given up or lost."""
    overdue = ScheduledMessage.objects.filter(refused="", due_at__lte=timezone.now() - OVERDUE)
    for pk in overdue.order_by("due_at").values_list("pk", flat=True)[:AT_ONCE]:
        send_when_due.enqueue(pk)
