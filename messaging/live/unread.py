"""What a person's own frame shows, of many people at once: where they are, and what is unread there."""

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, Value, When

from messaging.models import Membership, Notification
from messaging.models.inbox.sidebar import capped, loud


class Unread(NamedTuple):
    """A person in a conversation: what is unread as their level there says (`loud`), of that the replies, and
    what is for them by name; each counted up to 100. `version` and `name` are the conversation's as of this
    count; `others` is another number when its line in the list says something else of the people in it.
    `titled` is what they want the tab's title to count."""

    unread: int
    replies: int
    personal: int
    is_starred: bool
    version: int
    name: str
    others: int
    titled: str


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
        loud("level", here, here.personal()),
        loud("level", here.replies(), here.replies()),
        capped(here.personal()),
        "is_starred",
        "conversation__version",
        "conversation__name",
        Case(
            When(conversation__kind="room", then=Value(0)),
            default=F("conversation__members_version"),
            output_field=BigIntegerField(),
        ),
        "user__titled",
    )
    return [(user_id, conversation_id, Unread(*rest)) for user_id, conversation_id, *rest in rows]
