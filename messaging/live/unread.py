"""What is unread for many people at once, in each of their conversations."""

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, Value, When

from messaging.models import Membership, Notification
from messaging.models.inbox.sidebar import badge_count, capped


class Unread(NamedTuple):
    """What is unread for a person in a conversation, each number counted up to 100.

    `unread` and `replies` depend on the notification level of the membership (`badge_count`); `personal`
    counts what is addressed to the person. `version` and `name` are the conversation's at the time of the
    count. `others` changes when the sidebar shows other people in this conversation. `title_counts` is the
    person's choice of what the tab's title counts.
    """

    unread: int
    replies: int
    personal: int
    is_starred: bool
    version: int
    name: str
    others: int
    title_counts: str


def unread_of(
    user_ids: Collection[int], conversation_ids: Collection[int], members: Collection[int]
) -> list[tuple[int, int, Unread]]:
    """(person, conversation, what is unread there), in one query that reads unread rows only.

    Args:
        user_ids: people to count for in all their conversations.
        conversation_ids: conversations to count in for `members` only.
        members: people to count for in `conversation_ids` only, if they are members there.
    """
    condition = Q(conversation__in=conversation_ids, user__in=members)
    if user_ids:
        condition |= Q(user__in=user_ids)
    unread = Notification.objects.filter(
        user=OuterRef("user"), conversation=OuterRef("conversation"), read_at=None
    )
    rows = Membership.objects.filter(condition, conversation__archived_at=None).values_list(
        "user_id",
        "conversation_id",
        badge_count("notification_level", unread, unread.personal()),
        badge_count("notification_level", unread.replies(), unread.replies()),
        capped(unread.personal()),
        "is_starred",
        "conversation__version",
        "conversation__name",
        Case(
            When(conversation__kind="room", then=Value(0)),
            default=F("conversation__members_version"),
            output_field=BigIntegerField(),
        ),
        "user__title_counts",
    )
    return [(user_id, conversation_id, Unread(*rest)) for user_id, conversation_id, *rest in rows]
