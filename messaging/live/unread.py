"""What is unread for many people at once, in each conversation that they are in."""

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, Value, When

from messaging.models import Membership, Notification
from messaging.models.inbox.sidebar import badge_count, capped


class Unread(NamedTuple):
    """What is unread for a person in a conversation, each number counted up to 100.

    `unread` and `replies` are as their notification level says (`badge_count`), `personal` is what is for
    them by name. `version` and `name` are the conversation's as of this count. `others` changes when its line
    in the list says something else about the people in it. `title_count` is what the tab's title counts.
    """

    unread: int
    replies: int
    personal: int
    is_starred: bool
    version: int
    name: str
    others: int
    title_count: str


def unread_of(
    user_ids: Collection[int], conversation_ids: Collection[int], readers: Collection[int]
) -> list[tuple[int, int, Unread]]:
    """(person, conversation, what is unread there) in one query, from unread rows alone.

    Args:
        user_ids: people, everywhere.
        conversation_ids: conversations, for those of `readers` who are in them.
    """
    some = Q(conversation__in=conversation_ids, user__in=readers)
    wanted = Q(user__in=user_ids) | some if user_ids else some
    here = Notification.objects.filter(
        user=OuterRef("user"), conversation=OuterRef("conversation"), read_at=None
    )
    rows = Membership.objects.filter(wanted, conversation__archived_at=None).values_list(
        "user_id",
        "conversation_id",
        badge_count("notification_level", here, here.personal()),
        badge_count("notification_level", here.replies(), here.replies()),
        capped(here.personal()),
        "is_starred",
        "conversation__version",
        "conversation__name",
        Case(
            When(conversation__kind="room", then=Value(0)),
            default=F("conversation__members_version"),
            output_field=BigIntegerField(),
        ),
        "user__title_count",
    )
    return [(user_id, conversation_id, Unread(*rest)) for user_id, conversation_id, *rest in rows]
