"""What is a person's: what goes when they are erased, in numbers, and what they can take along first."""

import json
from collections.abc import Collection, Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Q

from messaging.models.accounts.erasure import where_something_is_of
from messaging.models.conversations.conversation import Conversation
from messaging.models.messages.edit_history import MessageHistory
from messaging.models.messages.mentions import Mention
from messaging.models.messages.message import Message
from messaging.models.messages.notification import Notification
from messaging.models.messages.queryset import MessageRows
from messaging.models.people.user import User


def what_goes(ids: Collection[int], also: Collection[int] = ()) -> dict[str, int]:
    """How much is erased with these people, by its name in the plural.

    Args:
        also: ids of conversations that they had something in.
    """
    places = Conversation.objects.filter(Q(pk__in=where_something_is_of(ids).values("pk")) | Q(pk__in=also))
    direct = Conversation.objects.filter(kind=Conversation.Kind.DIRECT, memberships__user__in=ids)
    written = either(Message.rows.all(), Q(sender__in=ids), Q(conversation__in=direct.values("pk")))
    return {
        **what_hangs_on(written, also_of=ids),
        "direct conversations": direct.distinct().count(),
        "groups and private rooms with nobody else": places.of_nobody_but(ids).count(),
        "profile pictures": User.objects.filter(pk__in=ids).exclude(avatar="").count(),
    }


def what_stays(user: User) -> dict[str, int]:
    """What others keep when the person is erased, in numbers, by its name in the plural."""
    places = Conversation.objects.visible_to(user).exclude(kind=Conversation.Kind.DIRECT)
    answers = Message.rows.filter(parent_message__sender=user, removed_at=None).exclude(sender=user)
    return {
        "rooms and groups that you are in": places.count() - places.of_nobody_but([user.pk]).count(),
        "answers that others wrote to you there": answers.filter(receiver=None).count(),
    }


def what_hangs_on(messages: MessageRows, also_of: Collection[int] = ()) -> dict[str, int]:
    """How much goes with these messages.

    Args:
        also_of: ids of people whose notifications and mentions in other messages go as well.
    """
    about, of_them = Q(message__in=messages.values("pk")), Q(user__in=also_of)
    return {
        "messages": messages.filter(removed_at=None).count(),
        "earlier texts of messages": MessageHistory.objects.filter(about).count(),
        "notifications": either(Notification.objects.all(), about, of_them).count(),
        "mentions": either(Mention.objects.all(), about, of_them).count(),
    }


def either(rows: Any, one: Q, other: Q) -> Any:
    """The rows of which one or the other is true. PostgreSQL would read the whole table for an "or" of two
    subqueries."""
    return rows.filter(pk__in=rows.filter(one).values("pk").union(rows.filter(other).values("pk")))


def without_zeros(amounts: dict[str, int]) -> dict[str, int]:
    return {what: number for what, number in amounts.items() if number}


def profile_of(user: User) -> dict[str, Any]:
    """The person's own row, as far as it is no secret, and what else is told of them alone."""
    return {
        "username": user.username,
        "display_name": user.display_name,
        "email": user.email,
        "role": user.role,
        "appearance": user.theme,
        "time_zone": user.time_zone,
        "status": user.status,
        "status_until": user.status_until,
        "level_of_new_rooms": user.joining_level,
        "title_counts": user.titled,
        "here_since": user.date_joined.isoformat(),
        "browsers": [
            {"browser": session.device, "signed_in_at": session.begun_at}
            for session in user.sessions.all()
            if session.is_signed_in
        ],
        "second_step": [
            {"kind": one.get_type_display(), "since": one.created_at}
            for one in Authenticator.objects.filter(user=user).order_by("pk")
        ],
        "blocked": list(user.blocks.order_by("pk").values_list("blocked__username", flat=True)),
        "invitations": list(
            user.invitations.order_by("pk").values("made_at", "role", "email", "expires_at", "used")
        ),
    }


def conversations_of(user: User) -> list[dict[str, Any]]:
    """Where the person is, and what they set there."""
    places = user.memberships.select_related("conversation").order_by("joined_at", "pk")
    return [
        {
            "conversation": place.conversation.name or place.conversation.kind,
            "kind": place.conversation.kind,
            "role": place.role,
            "level": place.level,
            "starred": place.is_starred,
            "since": place.joined_at.isoformat(),
        }
        for place in places
    ]


def own_messages(user: User) -> Iterator[str]:
    """Everything that the person wrote, with its earlier texts, as lines of JSON, oldest first."""
    messages = Message.rows.filter(sender=user, removed_at=None).order_by("pk")
    messages = messages.select_related("conversation", "receiver").prefetch_related("history")
    for message in messages.iterator(chunk_size=500):
        line = {
            "id": message.pk,
            "conversation": message.conversation.name or message.conversation.kind,
            "to": message.receiver.username if message.receiver else None,
            "sent_at": message.timestamp.isoformat(),
            "text": message.content,
            "reply_to": message.parent_message_id,
            "earlier_texts": [
                {"text": row.old_content, "until": row.edited_at.isoformat()} for row in message.history.all()
            ],
        }
        yield json.dumps(line, ensure_ascii=False) + "\n"
