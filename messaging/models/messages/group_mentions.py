"""Mentions of many people at once: in a room `@room` is all its members, `@here` those with a page open."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.membership import Membership, MembershipQuerySet
from messaging.models.conversations.permissions import can_mention_room
from messaging.models.messages.notification import Notification
from messaging.models.people.preferences import NotificationLevel
from messaging.models.people.user import User
from messaging.models.site.installation import Installation
from messaging.text import many_mentioned_in, mentioned
from messaging.text.mentions import room_address

ROOM: Final = "room"
HERE: Final = "here"
MOST_UNASKED: Final = 20  # before more people are notified at once, the sender is asked
Reached = Mapping[Notification.Reason, Q]  # by reason: whether the outer row's `user` is notified
_REASONS: Final = {ROOM: Notification.Reason.EVERYBODY, HERE: Notification.Reason.PRESENT}


@dataclass(frozen=True)
class Question:
    """What a sender is asked before a text is sent.

    Attributes:
        names: the mentions that it is about, as "@room".
        number: how many people they would notify.
        is_allowed: whether the sender may do that.
        is_guest: whether they may not because they are a guest.
    """

    names: list[str]
    number: int
    is_allowed: bool
    is_guest: bool


def group_mentions_in(
    content: str, conversation: Conversation, people: Collection[str] = ()
) -> dict[str, str]:
    """The mentions of many people in a text: name -> address.

    Args:
        people: the names of those members whom it mentions. A person comes before many of the same name.
    """
    lower = content.lower()
    if not conversation.is_room or not any(f"@{name}" in lower for name in _REASONS):
        return {}
    names = mentioned(content, {*_REASONS, *people}).difference(people)
    return {name: room_address(conversation.pk) for name in _REASONS if name in names}


def question(
    sender: User,
    conversation: Conversation,
    content: str,
    present: Collection[int],
    shown_before: str = "",
) -> Question | None:
    """What the sender of this text has to be asked first; None if it can be sent.

    Args:
        present: the ids of the people who have a page open.
        shown_before: the HTML of the text that an edit replaces. Whom that notified is not asked again.
    """
    names = group_mentions_in(content, conversation).keys() - many_mentioned_in(shown_before).keys()
    if not names:
        return None
    rows = audience(conversation.pk, names, present).exclude(user=sender)
    number, is_allowed = rows.count(), may_mention(sender, conversation)
    if is_allowed and number <= MOST_UNASKED:
        return None
    return Question([f"@{name}" for name in sorted(names)], number, is_allowed, sender.is_guest)


def may_mention(sender: User, conversation: Conversation) -> bool:
    """Whether the person may notify many people of the room at once."""
    return conversation.allows(can_mention_room(sender, Installation.objects.current().room_mentioners))


def audience(conversation_id: int, names: Collection[str], present: Collection[int]) -> MembershipQuerySet:
    """The memberships of those whom these mentions notify."""
    rows = Membership.objects.filter(conversation=conversation_id, user__is_active=True)
    return rows.filter(is_any(reached_by(conversation_id, names, present)))


def reached_by(conversation_id: int, names: Collection[str], present: Collection[int]) -> Reached:
    """Whether the outer row's `user` is one of those whom these mentions notify, by reason, the closest
    first. Members who muted the room are not notified.

    Args:
        present: the ids of the people whom `@here` means, wherever they are members.
    """
    muted = Membership.objects.filter(
        conversation=conversation_id, notification_level=NotificationLevel.MUTED
    )
    is_not_muted = ~Q(user__in=muted.values("user"))
    found = {}
    if HERE in names:
        found[Notification.Reason.PRESENT] = Q(user__in=sorted(present)) & is_not_muted
    if ROOM in names:
        found[Notification.Reason.EVERYBODY] = is_not_muted
    return found


def reasons_of(names: Collection[str]) -> set[str]:
    """The reasons that these mentions give to notifications."""
    return {_REASONS[name] for name in names}


def is_any(conditions: Reached) -> Q:
    """Whether one of the conditions holds; none does if there are none."""
    found = Q(pk__in=[])
    for condition in conditions.values():
        found |= condition
    return found
