"""Who is notified of a message, and of an edit that names other people."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils import timezone

from messaging.models.conversations.membership import Membership
from messaging.models.db.insert_select import InsertFrom
from messaging.models.db.prepared import prepared_change
from messaging.models.messages.following import choices_in
from messaging.models.messages.mentions import Mention
from messaging.models.messages.message import Message
from messaging.models.messages.notification import Notification
from messaging.models.messages.rows import MessageRows
from messaging.models.people.blocks import Block


def notify_audience(message: Message) -> int:
    """Write a row for each person that a new message is for, in one statement.

    A direct message is for its receiver; a root in a room or group for every active member; a reply for
    everyone who follows its thread; and each for everyone mentioned. Never for the author, nor for those who
    block them.

    Returns:
        How many rows were written.
    """
    return _create_for(
        message.pk,
        message.conversation_id,
        message.thread_root_id,
        cast(int, message.sender_id),
        message.receiver_id is not None,
        timezone.now(),
    )


def notify_mentioned(message: Message, user_ids: Collection[int]) -> None:
    """After an edit: notify people whom only the new text mentions.

    People who were notified of the message before get the same notification again, unread.
    """
    user_ids = set(user_ids) - {message.sender_id}
    if not user_ids:
        return
    known = Notification.objects.filter(message=message, user_id__in=user_ids).exclude(
        _blocks(message.sender_id)
    )
    known.update(reason=Notification.Reason.MENTION, read_at=None)
    audience = Membership.objects.filter(
        conversation_id=message.conversation_id, user_id__in=user_ids, user__is_active=True
    ).exclude(Exists(Notification.objects.filter(message=message, user=OuterRef("user"))))
    audience = audience.exclude(_blocks(message.sender_id))
    copies = (message.pk, message.conversation_id, message.thread_root_id, timezone.now())
    _insert(audience, Value(Notification.Reason.MENTION), *copies).execute()


def withdraw_mentions(message: Message, user_ids: Collection[int]) -> None:
    """After an edit: the people whom the text no longer mentions are notified as everybody else is.

    For a reply, that means only those who follow the thread. The others' notifications are deleted.
    """
    if not user_ids:
        return
    rows = Notification.objects.filter(
        message=message, user_id__in=user_ids, reason=Notification.Reason.MENTION
    )
    if message.receiver_id:
        rows.update(reason=Notification.Reason.DIRECT)
    elif message.thread_root_id is None:
        rows.update(reason=Notification.Reason.ROOM)
    else:
        follows = _follows(message.thread_root_id, message.pk)
        rows.filter(follows).update(reason=Notification.Reason.REPLY)
        rows.all().delete()


@prepared_change
def _create_for(
    message_id: int,
    conversation_id: int,
    thread_root: int | None,
    sender_id: int,
    is_direct: bool,
    now: datetime,
) -> InsertFrom:
    audience = Membership.objects.filter(conversation=conversation_id).exclude(user=sender_id)
    mentioned = Exists(Mention.objects.filter(message=message_id, user=OuterRef("user")))
    if is_direct:
        reason = Notification.Reason.DIRECT
    else:
        audience = audience.filter(user__is_active=True)
        reason = Notification.Reason.ROOM
        if thread_root:
            reason = Notification.Reason.REPLY
            audience = audience.filter(_follows(thread_root, message_id) | mentioned)
    audience = audience.exclude(_blocks(sender_id))
    its_reason = Case(When(mentioned, then=Value(Notification.Reason.MENTION)), default=Value(reason))
    return _insert(audience, its_reason, message_id, conversation_id, thread_root, now)


def _insert(
    audience: models.QuerySet[Membership],
    reason: Case | Value,
    message_id: int,
    conversation_id: int,
    thread_root: int | None,
    now: datetime,
) -> InsertFrom:
    rows = audience.order_by("user_id").values_list(
        "user_id",
        Value(message_id, output_field=models.BigIntegerField()),
        Value(conversation_id, output_field=models.BigIntegerField()),
        Value(thread_root, output_field=models.BigIntegerField()),
        models.ExpressionWrapper(reason, output_field=models.CharField()),
        Value(now, output_field=models.DateTimeField()),
    )
    columns = ("user_id", "message_id", "conversation_id", "thread_root_id", "reason", "created_at")
    return InsertFrom(Notification, columns, rows)


def _blocks(author_id: int | None) -> Exists:
    """Whether the outer row's person blocks the author."""
    return Exists(Block.objects.filter(user=OuterRef("user"), blocked=author_id))


def _follows(thread_root: int, message_id: int) -> Q:
    """Whether the outer row's person follows the thread: by choice, or because they wrote in it."""
    by_choice = Q(user__in=choices_in(thread_root, is_following=True))
    not_by_choice = Q(user__in=choices_in(thread_root, is_following=False))
    return by_choice | (Q(Exists(_wrote_in(thread_root, message_id))) & ~not_by_choice)


def _wrote_in(thread_root: int, message_id: int) -> MessageRows:
    """What the outer row's person wrote in a thread, without this message."""
    thread = Q(pk=thread_root) | Q(thread_root_id=thread_root)
    return Message.rows.filter(thread, sender=OuterRef("user")).exclude(pk=message_id)
