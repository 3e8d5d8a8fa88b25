"""Who is notified of a message, and of an edit that names other people."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final, cast

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils import timezone

from messaging.models.conversations.membership import Membership
from messaging.models.db.insert_select import InsertFrom
from messaging.models.db.prepared import prepared_change
from messaging.models.messages.following import choices_in
from messaging.models.messages.group_mentions import HERE, Reached, awake, is_any, reached_by, reasons_of
from messaging.models.messages.keywords import people_with_keywords_in
from messaging.models.messages.mentions import Mention, MentionChange
from messaging.models.messages.message import Message
from messaging.models.messages.notification import Notification
from messaging.models.messages.rows import MessageRows
from messaging.models.people.blocks import Block
from messaging.models.people.preferences import NotificationLevel
from messaging.text import many_mentioned_in

NOBODY: Final[Reached] = {}


def notify_audience(message: Message) -> int:
    """Write a row for each person that a new message is for, in one statement.

    A direct message is for its receiver; a root in a room or group for every active member; a reply for
    everyone who follows its thread; and each for everyone mentioned. Never for the author, nor for those who
    block them.

    Returns:
        How many rows were written.
    """
    place = (
        message.pk,
        message.conversation_id,
        message.thread_root_id,
        cast(int, message.sender_id),
        message.receiver_id is not None,
        timezone.now(),
    )
    with_keyword = people_with_keywords_in(message.content_html, message.keywords_key)
    if not message.group_mentions and not with_keyword:
        return _create_for(*place)
    reached = _reached_by(message, message.group_mentions, with_keyword)
    return _for_all(*place, reached=reached).execute()


def update_notifications(message: Message, mentions: MentionChange) -> bool:
    """After an edit: withdraw the mentions that are gone, and notify those whom only the new text mentions.

    Returns:
        Whether the text mentions others than before.
    """
    replaced = message.earlier.message.content_html
    before, now = many_mentioned_in(replaced), message.group_mentions
    key = message.keywords_key
    had, have = (people_with_keywords_in(html, key) for html in (replaced, message.content_html))
    _withdraw(message, mentions.gone, before.keys() - now.keys(), had - have, have)
    _notify_mentioned(message, mentions.new)
    _notify_reached(message, {name: now[name] for name in now.keys() - before.keys()}, have - had)
    return bool(mentions.new or mentions.gone or before != now or had != have)


def _notify_mentioned(message: Message, user_ids: Collection[int]) -> None:
    """People who were notified of the message before get a new notification, which is unread."""
    user_ids = set(user_ids) - {message.sender_id}
    if not user_ids:
        return
    _forget(Notification.objects.filter(message=message, user_id__in=user_ids), message)
    _notify_others(message, Q(user_id__in=user_ids), Value(Notification.Reason.MENTION))


def _notify_reached(message: Message, many: Mapping[str, str], with_keyword: Collection[int]) -> None:
    """The same for group mentions and keywords. People whom the text mentioned before are not notified
    again."""
    reached = _reached_by(message, many, with_keyword)
    if not reached:
        return
    known = Notification.objects.filter(is_any(reached), message=message)
    _forget(known.filter(reason__in=Notification.UNNAMED), message)
    _notify_others(message, is_any(reached), _by_reason(reached, Notification.Reason.ROOM))


def _forget(known: models.QuerySet[Notification], message: Message) -> None:
    """Delete the notifications of people who get a new one. Its id is higher than what was mailed before."""
    members = Membership.objects.filter(
        conversation_id=message.conversation_id, user=OuterRef("user"), user__is_active=True
    )
    known.filter(Exists(members)).exclude(_blocks(message.sender_id)).delete()


def _notify_others(message: Message, condition: Q, reason: Case | Value) -> None:
    """Notify the active members who meet the condition and were not notified of the message yet."""
    audience = Membership.objects.filter(
        condition, conversation_id=message.conversation_id, user__is_active=True
    ).exclude(user=message.sender_id)
    audience = audience.exclude(Exists(Notification.objects.filter(message=message, user=OuterRef("user"))))
    audience = audience.exclude(_blocks(message.sender_id))
    copies = (message.pk, message.conversation_id, message.thread_root_id, timezone.now())
    _insert(audience, reason, *copies).execute()


def _withdraw(
    message: Message,
    user_ids: Collection[int],
    names: Collection[str],
    without_keyword: Collection[int],
    with_keyword: Collection[int],
) -> None:
    """The people whom the text no longer mentions, and those of whom it no longer has a keyword, are notified
    as everybody else is.

    For a reply, that means only those who follow the thread. The others' notifications are deleted.
    """
    if not user_ids and not names and not without_keyword:
        return
    named = Q(user_id__in=user_ids, reason=Notification.Reason.MENTION)
    named |= Q(user_id__in=without_keyword, reason=Notification.Reason.KEYWORD)
    withdrawn = Notification.objects.filter(named | Q(reason__in=reasons_of(names)), message=message)
    rows = Notification.objects.filter(pk__in=list(withdrawn.values_list("pk", flat=True)))
    if message.receiver_id:
        rows.update(reason=Notification.Reason.DIRECT)
        return
    reached = _reached_by(message, message.group_mentions, with_keyword)
    if message.thread_root_id is None:
        every = Membership.objects.filter(
            conversation=message.conversation_id, notification_level=NotificationLevel.EVERY
        )
        by_level = {Notification.Reason.EVERY: Q(user__in=every.values("user"))}
        rows.update(reason=_by_reason({**reached, **by_level}, Notification.Reason.ROOM))
    else:
        rows.exclude(_follows(message.thread_root_id, message.pk) | is_any(reached)).delete()
        rows.update(reason=_by_reason(reached, Notification.Reason.REPLY))


@prepared_change
def _create_for(
    message_id: int,
    conversation_id: int,
    thread_root: int | None,
    sender_id: int,
    is_direct: bool,
    now: datetime,
) -> InsertFrom:
    return _for_all(message_id, conversation_id, thread_root, sender_id, is_direct, now)


def _for_all(
    message_id: int,
    conversation_id: int,
    thread_root: int | None,
    sender_id: int,
    is_direct: bool,
    now: datetime,
    reached: Reached = NOBODY,
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
            audience = audience.filter(_follows(thread_root, message_id) | mentioned | is_any(reached))
    audience = audience.exclude(_blocks(sender_id))
    by_mention = When(mentioned, then=Value(Notification.Reason.MENTION))
    by_level = When(notification_level=NotificationLevel.EVERY, then=Value(Notification.Reason.EVERY))
    is_of_room = reason == Notification.Reason.ROOM
    its_reason = Case(
        by_mention, *_whens(reached), *([by_level] if is_of_room else ()), default=Value(reason)
    )
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


def _reached_by(message: Message, many: Mapping[str, str], with_keyword: Collection[int]) -> Reached:
    """Whom the text reaches, besides those whom it names. A direct message is for its receiver anyway."""
    keyword = () if message.receiver_id else with_keyword
    here = awake(message.present) if HERE in many else ()
    return reached_by(message.conversation_id, many, here, keyword)


def _whens(reached: Reached) -> list[When]:
    return [When(condition, then=Value(reason)) for reason, condition in reached.items()]


def _by_reason(reached: Reached, otherwise: Notification.Reason) -> Case:
    return Case(*_whens(reached), default=Value(otherwise), output_field=models.CharField())


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
