"""Who is in a conversation: joining, adding, leaving, removing."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from messaging.models.conversations.conversation import Conversation, Unchanged
from messaging.models.conversations.left_rooms import LeftRoom
from messaging.models.conversations.membership import Membership, MembershipQuerySet
from messaging.models.conversations.permissions import (
    Condition,
    can_add_members,
    can_administer,
    can_join,
    has_banned,
    has_member,
    is_not_removed,
)
from messaging.models.conversations.room_bans import RoomBan
from messaging.models.db.changes import NEXT_VERSION
from messaging.models.db.refusals import Refused
from messaging.models.messages.message import Message
from messaging.models.messages.notification import Notification, delete_and_update_read
from messaging.models.people.user import User
from messaging.models.rooms import handover
from messaging.models.site.audit_log import AuditEntry


def add(conversation: Conversation, user: User, role: Membership.Role = Membership.Role.MEMBER) -> None:
    """Make the person a member without checking any right. Nothing happens if they are one.

    Raises:
        Refused: ("direct") a direct conversation stays between its two people; ("not_removed") it was
            removed.
        Gone: they were deleted meanwhile.
    """
    _refuse_direct(conversation)
    _add_if_new(conversation, user, {"not_removed": is_not_removed()}, role)


def join(room: Conversation, user: User) -> None:
    """Make the person a member at their own wish. Nothing happens if they are one.

    Raises:
        Refused: they may not (any more), see `can_join`.
        Gone: they were deleted meanwhile.
    """
    _add_if_new(room, user, {"can_join": can_join(user)})


def add_invited(room: Conversation, user: User, by: User) -> None:
    """Make the person a member, by an invitation. Nothing happens if they are one.

    Raises:
        Refused: the creator of the invitation, `by`, may not add people here (any more); the room was
            removed; or the person is banned from it.
        Gone: they were deleted meanwhile.
    """
    conditions: dict[str, Condition] = {"can_add": can_add_members(by), "not_removed": is_not_removed()}
    _add_if_new(room, user, {**conditions, "not_banned": ~has_banned(user)})


def add_people(conversation: Conversation, people: Iterable[User], by: User) -> None:
    """Make these people members, also those who are banned. Those who are members keep their role.

    Raises:
        Refused: `by` may not (any more), see `can_add_members`.
        Gone: one of them was deleted meanwhile.
    """
    conditions: dict[str, Condition] = {"can_add": can_add_members(by), "not_removed": is_not_removed()}
    with conversation.writing(conditions, members_version=NEXT_VERSION):
        inside = set(conversation.memberships.filter(user__in=people).values_list("user_id", flat=True))
        Membership.objects.add(conversation, (person for person in people if person.pk not in inside))


def leave(conversation: Conversation, user: User) -> None:
    """End the person's membership and delete their notifications here. If they were a room's last
    administrator, somebody else becomes one (`handover.successor_of`). Nothing happens if they are no member.

    Raises:
        Refused: ("direct") a direct conversation stays between its two people.
    """
    _refuse_direct(conversation)
    with conversation.writing(members_version=NEXT_VERSION):
        if not conversation.memberships.filter(user=user).exists():
            raise Unchanged
        _end(conversation, user, by=user)
        if conversation.is_room:
            _note_left(conversation, user)


def remove_member(room: Conversation, user: User, by: User) -> User | None:
    """Remove somebody from the room; unless it is `by`, ban them until somebody adds them again (`RoomBan`).

    Returns:
        Who became its administrator in their place, if they were its last one.

    Raises:
        Refused: `by` may not.
    """
    successor = None
    with room.writing({"can_administer": can_administer(by)}, members_version=NEXT_VERSION):
        if room.memberships.filter(user=user).exists():
            successor = _end(room, user, by)
            if user != by:
                RoomBan.objects.get_or_create(conversation=room, user=user)
            else:
                _note_left(room, user)
            AuditEntry.objects.record(by, AuditEntry.Act.REMOVED_MEMBER, person=user, conversation=room)
    return successor


def change_role(room: Conversation, user: User, role: str, by: User) -> None:
    """Change somebody's role in the room: administrator, moderator or ordinary member. Nothing happens to
    somebody who is not in the room. Guests and deactivated people can only become ordinary members.

    Raises:
        Refused: `by` may not; or ("last_administrator") the room would have none.
    """
    with room.writing({"can_administer": can_administer(by)}, members_version=NEXT_VERSION):
        if role != Membership.Role.ADMIN and handover.is_last_administrator(room, user.pk):
            raise Refused("last_administrator")
        membership = room.memberships.filter(user=user).exclude(role=role)
        if role != Membership.Role.MEMBER:
            membership = membership.active_non_guests()
        if membership.update(role=role):
            act = AuditEntry.Act.CHANGED_ROOM_ROLE
            AuditEntry.objects.record(by, act, person=user, conversation=room, role=role)


def end_memberships(memberships: MembershipQuerySet) -> None:
    """Under the conversations' lock: delete these memberships and the notifications that came with them."""
    for conversation_id in set(memberships.values_list("conversation_id", flat=True)):
        people = memberships.filter(conversation_id=conversation_id).values("user")
        rows = Notification.objects.filter(conversation_id=conversation_id, user__in=people)
        delete_and_update_read(rows, Message.rows.all())
    memberships.delete()


def _refuse_direct(conversation: Conversation) -> None:
    if conversation.is_direct:
        raise Refused("direct", _("The two people of a direct conversation stay the same."), status=409)


def _add_if_new(
    conversation: Conversation,
    user: User,
    conditions: dict[str, Condition],
    role: Membership.Role = Membership.Role.MEMBER,
) -> None:
    """Add the person under these conditions, which do not matter if they are a member already."""
    is_new = {"not_a_member": ~has_member(user)}
    try:
        with conversation.writing({**is_new, **conditions}, members_version=NEXT_VERSION):
            Membership.objects.add(conversation, [user], role)
    except Refused as refused:
        if refused.code != "not_a_member":
            raise


def _note_left(room: Conversation, user: User) -> None:
    LeftRoom.objects.bulk_create([LeftRoom(conversation=room, user=user)], ignore_conflicts=True)


def _end(conversation: Conversation, user: User, by: User) -> User | None:
    """Under the lock: end a membership. Returns who became administrator instead, if anybody."""
    User.objects.filter(pk=user.pk).raise_version()
    successor = handover.hand_over(conversation, [user.pk], by)
    end_memberships(conversation.memberships.filter(user=user))
    return successor
