"""Mentions of many people at once: in a room `@room` is all its members, `@here` those with a page open; in a
room or a group conversation the handle of a group is those of its people who are members there.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.db.models import Q
from django.utils import timezone

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.membership import Membership, MembershipQuerySet
from messaging.models.conversations.permissions import can_mention_room
from messaging.models.messages.mentions import members_named_in
from messaging.models.messages.notification import Notification
from messaging.models.messages.room_names import rooms_named_in
from messaging.models.people.groups import GroupMembership, UserGroup
from messaging.models.people.preferences import NotificationLevel
from messaging.models.people.quiet_hours import quiet_among
from messaging.models.people.user import User
from messaging.models.site.installation import Installation
from messaging.text import many_mentioned_in, mentioned
from messaging.text.mentions import group_address, group_id_in, room_address
from messaging.text.room_names import NO_ROOMS, Rooms, rooms_in

ROOM: Final = "room"
HERE: Final = "here"
NONE: Final[Mapping[str, str]] = MappingProxyType({})
MOST_UNASKED: Final = 20  # before more people are notified at once, the sender is asked
Reached = Mapping[Notification.Reason, Q]  # by reason: whether the outer row's `user` is notified
# What is said to all, or to nobody in particular: in a room that they muted it is not for them.
NOT_FOR_MUTED: Final = frozenset(
    {Notification.Reason.PRESENT, Notification.Reason.EVERYBODY, Notification.Reason.KEYWORD}
)
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
    content: str,
    conversation: Conversation,
    people: Collection[str] = (),
    before: Mapping[str, str] = NONE,
    rooms: Rooms = NO_ROOMS,
    author: User | None = None,
) -> dict[str, str]:
    """The group mentions in a text, each with the address of its link: name -> address.

    Args:
        people: the names of those members whom it mentions. A person comes before many of the same name.
        before: those of the text that an edit replaces, which it keeps, whatever the groups are called now.
        rooms: that the text names (`room_names`). An @ in such a name mentions nobody.
        author: for a guest, a group of which they see nobody is plain text, as if there were none.
    """
    typed = frozenset() if conversation.is_direct else mentioned(content, rooms=rooms)
    if not typed:
        return {}
    groups = UserGroup.objects.all().visible_to(author) if author else UserGroup.objects.all()
    groups = groups.filter(handle__in=typed)
    known = {str(handle): group_address(pk) for handle, pk in groups.values_list("handle", "pk")}
    if conversation.is_room:
        known |= dict.fromkeys(typed & _REASONS.keys(), room_address(conversation.pk))
    known |= {name: address for name, address in before.items() if name in typed}
    names = mentioned(content, {*known, *people}, rooms).difference(people) if known else ()
    return {name: known[name] for name in sorted(names)}


def left_plain(content: str, html: str) -> frozenset[str]:
    """The names after an @ that a text does not mention in its HTML: it was sent without notifying these
    people, or there was no such group. They stay plain when the text is edited."""
    return mentioned(content, rooms=rooms_in(html)).difference(many_mentioned_in(html))


def question(
    sender: User,
    conversation: Conversation,
    content: str,
    present: Collection[int],
    replaced: tuple[str, str] = ("", ""),
) -> Question | None:
    """What the sender of this text has to be asked first; None if it can be sent.

    Args:
        present: the ids of the people who have a page open.
        replaced: the text that an edit replaces, and its HTML. What it mentioned, or left plain, is not asked
            again.
    """
    known = {*many_mentioned_in(replaced[1]), *left_plain(*replaced)}
    if not group_mentions_in(content, conversation, author=sender):
        return None
    rooms = rooms_named_in(content, replaced[1])
    people = members_named_in(content, conversation.pk, rooms)
    found = group_mentions_in(content, conversation, people, rooms=rooms, author=sender)
    many = {name: address for name, address in found.items() if name not in known}
    if not many:
        return None
    rows = audience(conversation.pk, many, present).exclude(user=sender)
    number, refused = rows.count(), refused_among(sender, conversation, many)
    if not refused and number <= MOST_UNASKED:
        return None
    names = [f"@{name}" for name in sorted(refused or many)]
    return Question(names, number, is_allowed=not refused, is_guest=sender.is_guest)


def refused_among(sender: User, conversation: Conversation, names: Iterable[str]) -> set[str]:
    """Which of these group mentions the person may not use. Guests may use none; all others any group."""
    if sender.is_guest:
        return set(names)
    of_room = _REASONS.keys() & set(names)
    may = not of_room or conversation.allows(
        can_mention_room(sender, Installation.objects.current().room_mentioners)
    )
    return set() if may else of_room


def audience(conversation_id: int, many: Mapping[str, str], present: Collection[int]) -> MembershipQuerySet:
    """The memberships of those whom these mentions notify."""
    rows = Membership.objects.filter(conversation=conversation_id, user__is_active=True)
    return rows.filter(is_any(reached_by(conversation_id, many, present)))


def reached_by(
    conversation_id: int,
    many: Mapping[str, str],
    present: Collection[int],
    with_keyword: Collection[int] = (),
) -> Reached:
    """Whether the outer row's `user` is one of those whom these mentions notify, by reason, the closest
    first. `@room` and `@here` do not notify members who muted the room.

    Args:
        many: the mentions, name -> address.
        present: the ids of the people whom `@here` means; they need not be members. To notify, only those who
            are `awake`; to show a number, all, since nobody is told who is in quiet time.
        with_keyword: the ids of the people of whom the text has a keyword. As for `@room`, it is not for
            those of them who muted the room.
    """
    muted = Membership.objects.filter(
        conversation=conversation_id, notification_level=NotificationLevel.MUTED
    )
    is_not_muted = ~Q(user__in=muted.values("user"))
    found = {}
    if groups := [pk for address in many.values() if (pk := group_id_in(address))]:
        people = GroupMembership.objects.filter(group__in=groups).values("user")
        found[Notification.Reason.GROUP] = Q(user__in=people)
    if HERE in many:
        found[Notification.Reason.PRESENT] = Q(user__in=sorted(present)) & is_not_muted
    if ROOM in many:
        found[Notification.Reason.EVERYBODY] = is_not_muted
    if with_keyword:
        found[Notification.Reason.KEYWORD] = Q(user__in=sorted(with_keyword)) & is_not_muted
    return found


def awake(present: Collection[int]) -> set[int]:
    """The ids of these people who are not in quiet time. No query if `present` is empty."""
    return set(present) - quiet_among(User.objects.all(), present, timezone.now()) if present else set()


def reasons_of(names: Collection[str]) -> set[str]:
    """The reasons that these mentions give to notifications."""
    return {_REASONS.get(name, Notification.Reason.GROUP) for name in names}


def is_any(conditions: Reached) -> Q:
    """Whether one of the conditions holds; none does if there are none."""
    found = Q(pk__in=[])
    for condition in conditions.values():
        found |= condition
    return found
