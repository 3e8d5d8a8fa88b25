"""A person's data: how much is deleted with them, in numbers, and what they can export first."""

import json
from collections.abc import Collection, Iterator
from operator import attrgetter

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.db.models import Q
from django.utils.translation import gettext_noop

from messaging.models.accounts.erasure import conversations_with, only_of
from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.kind import Kind
from messaging.models.db.registry import (
    AnyRows,
    PersonPart,
    message_parts,
    person_parts,
    register_person_part,
)
from messaging.models.messages.message import Message
from messaging.models.messages.rows import MessageRows
from messaging.models.people.quiet_hours import Weekday, as_days
from messaging.models.people.user import User

# Other apps' models that refer to a person are declared here.
register_person_part(
    PersonPart(EmailAddress, "user", why_not_exported="The address itself is in the profile.")
)
register_person_part(
    PersonPart(
        Authenticator,
        "user",
        exported_as="two_factor",
        export=lambda user: [
            {"kind": one.get_type_display(), "since": one.created_at}
            for one in Authenticator.objects.filter(user=user).order_by("pk")
        ],
    )
)
register_person_part(PersonPart(LogEntry, "user", why_not_exported="It is the log of Django's admin."))


def what_is_deleted(ids: Collection[int], also: Collection[int] = ()) -> dict[str, int]:
    """How much is deleted with these people, as {plural name: number}.

    Args:
        also: ids of conversations that they had something in.
    """
    there = Conversation.objects.filter(Q(pk__in=conversations_with(ids).values("pk")) | Q(pk__in=also))
    direct = Conversation.objects.filter(kind=Kind.DIRECT, memberships__user__in=ids)
    written = either(Message.rows.all(), Q(sender__in=ids), Q(conversation__in=direct.values("pk")))
    return {
        **amounts(written, also_of=ids),
        gettext_noop("direct conversations"): direct.distinct().count(),
        gettext_noop("groups and private rooms without other members"): only_of(ids, there).count(),
        gettext_noop("profile pictures"): User.objects.filter(pk__in=ids).exclude(avatar="").count(),
    }


def what_is_kept(user: User) -> dict[str, int]:
    """What others keep when the person is deleted, as {plural name: number}."""
    there = Conversation.objects.visible_to(user).exclude(kind=Kind.DIRECT)
    answers = Message.rows.filter(parent_message__sender=user, removed_at=None).exclude(sender=user)
    return {
        gettext_noop("rooms and groups that you are in"): there.count() - only_of([user.pk], there).count(),
        gettext_noop("replies to you by other people in them"): answers.filter(receiver=None).count(),
    }


def amounts(messages: MessageRows, also_of: Collection[int] = ()) -> dict[str, int]:
    """How much is deleted with these messages, as {plural name: number}.

    Args:
        also_of: ids of people whose parts (`db.registry`) are deleted as well, on any message.
    """
    numbers = {gettext_noop("messages"): messages.filter(removed_at=None).count()}
    counted = {part.model: part for part in person_parts if part.name and also_of}
    for hanging in filter(attrgetter("name"), message_parts):
        about = Q(message__in=messages.values("pk"))
        part = counted.pop(hanging.model, None)
        of_them = Q(**{f"{part.field}__in": also_of}) if part else None
        numbers[hanging.name] = either(hanging.model._default_manager.all(), about, of_them).count()
    for part in counted.values():
        numbers[part.name] = part.rows(also_of).count()
    return numbers


def either(rows: AnyRows, one: Q, other: Q | None) -> AnyRows:
    """The rows for which one condition or the other is true. PostgreSQL would read the whole table for an
    "or" of two subqueries."""
    if other is None:
        return rows.filter(one)
    return rows.filter(pk__in=rows.filter(one).values("pk").union(rows.filter(other).values("pk")))


def without_zeros(numbers: dict[str, int]) -> dict[str, int]:
    return {what: number for what, number in numbers.items() if number}


def parts_of(user: User) -> dict[str, object]:
    """The registered parts of the person, by their keys in the export."""
    return {part.exported_as: part.export(user) for part in person_parts if part.export}


def profile_of(user: User) -> dict[str, object]:
    """The person's own row, without secrets."""
    return {
        "username": user.username,
        "display_name": user.display_name,
        "email": user.email,
        "role": user.role,
        "appearance": user.theme,
        "language": user.language,
        "time_zone": user.time_zone,
        "status": user.status,
        "status_until": user.status_until,
        "notification_level_of_new_rooms": user.default_notification_level,
        "title_counts": user.title_counts,
        "mails_about_missed_messages": user.missed_mails_are,
        "lists_reactions_in_inbox": user.lists_reactions,
        "notices_on_devices": user.push_texts,
        "sound": user.sound,
        "quiet_hours": {
            "from": user.quiet_from.isoformat(),
            "to": user.quiet_to.isoformat(),
            "on": [Weekday(day).name.lower() for day in as_days(user.quiet_hours_on)],
            "quiet_days": [Weekday(day).name.lower() for day in as_days(user.quiet_days)],
            "time_zone": user.quiet_zone,
        },
        "paused_until": user.paused_until and user.paused_until.isoformat(),
        "single_keys": user.single_keys,
        "sidebar_sections": [name for _id, name in user.sections],
        "here_since": user.date_joined.isoformat(),
    }


def own_messages(user: User) -> Iterator[str]:
    """Everything that the person wrote, with what belongs to it, as lines of JSON, oldest first."""
    exported = [part for part in message_parts if part.export]
    hanging = [part.related_name for part in exported]
    named = set(Conversation.objects.named_to(user).values_list("pk", flat=True))
    messages = Message.rows.filter(sender=user, removed_at=None).order_by("pk")
    messages = messages.select_related("conversation", "receiver").prefetch_related(*hanging)
    for message in messages.iterator(chunk_size=500):
        line = {
            "id": message.pk,
            "conversation": (message.conversation_id in named and message.conversation.name)
            or message.conversation.kind,
            "to": message.receiver.username if message.receiver else None,
            "sent_at": message.timestamp.isoformat(),
            "text": message.content,
            "reply_to": message.parent_message_id,
            **{part.exported_as: part.export(message) for part in exported if part.export},
        }
        yield json.dumps(line, ensure_ascii=False) + "\n"
