"""Who may do what with a conversation, as conditions on its row.

A page checks a condition to decide what it offers (`conversation.allows(can_join(user))`). The function that
makes the change checks it again under the lock (`conversation.writing({"allowed": can_join(user)})`).
"""

from datetime import timedelta

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone

from messaging.models.conversations.kind import Kind
from messaging.models.conversations.membership import Membership
from messaging.models.conversations.room_bans import RoomBan
from messaging.models.people.queryset import UserQuerySet
from messaging.models.people.user import User
from messaging.models.site.installation import Installation

Condition = ExpressionWrapper | Exists
SMALL_ROOM = 20  # members, see `Installation.RoomMentioners`
UNDO_REMOVAL_WITHIN = timedelta(days=30)  # the removal of a room


def condition(rule: Q) -> ExpressionWrapper:
    """A rule as an annotation, so that one query can check several rules."""
    return ExpressionWrapper(rule, output_field=BooleanField())


def is_not_removed() -> ExpressionWrapper:
    """That the room is not removed. Every way of becoming a member checks it."""
    return condition(Q(removed_at=None))


def is_not_archived() -> ExpressionWrapper:
    return condition(Q(archived_at=None))


def has_member(user: User) -> Exists:
    return Exists(Membership.objects.filter(conversation=OuterRef("pk"), user=user))


def has_active_member(user_id: int) -> Exists:
    """That the person is a member, and was not deactivated meanwhile."""
    return Exists(Membership.objects.filter(conversation=OuterRef("pk"), user=user_id, user__is_active=True))


def has_banned(user: User) -> Exists:
    """That the person was removed from the room, and that nobody has added them again."""
    return Exists(RoomBan.objects.filter(conversation=OuterRef("pk"), user=user))


def can_join(user: User) -> ExpressionWrapper:
    """That it is a room that is not removed, and that the person is a member of it or may become one: it is
    public, and they are active, no guest and not banned from it."""
    return condition(Q(kind=Kind.ROOM, removed_at=None) & (Q(has_member(user)) | Q(is_open_to(user))))


def is_open_to(user: User) -> ExpressionWrapper:
    """That it is a public room, also a removed one, and that the person is active, no guest and not banned
    from it."""
    is_public_room = Q(kind=Kind.ROOM, is_private=False)
    return condition(is_public_room & ~Q(has_banned(user)) & Q(Exists(_active_non_guest(user))))


def can_add_members(user: User) -> ExpressionWrapper:
    """That the person may add people: in public rooms and groups every member may, in a private room its
    administrators, or every member if it has none. Guests and deactivated people may not, anywhere."""
    members = Membership.objects.active_non_guests().filter(conversation=OuterRef("pk"))
    administrators = members.filter(role=Membership.Role.ADMIN)
    is_private_room = Q(kind=Kind.ROOM, is_private=True)
    open_to_all = ~is_private_room | ~Exists(administrators) | Exists(administrators.filter(user=user))
    return condition(~Q(kind=Kind.DIRECT) & Q(Exists(members.filter(user=user))) & open_to_all)


def can_administer(user: User) -> ExpressionWrapper:
    """That it is a room, and that the person is one of its administrators, or an administrator of the site
    who is a member of it: they may rename, archive, unarchive or remove it."""
    mine = Membership.objects.administering().filter(conversation=OuterRef("pk"), user=user)
    return condition(Q(kind=Kind.ROOM) & Q(Exists(mine)))


def can_moderate(user: User) -> ExpressionWrapper:
    """That it is a room, and that the person is one of its moderators or administrators, or an administrator
    of the site who is a member of the room. Groups and direct conversations have no moderators."""
    mine = Membership.objects.moderating().filter(conversation=OuterRef("pk"), user=user)
    return condition(Q(kind=Kind.ROOM) & Q(Exists(mine)))


def can_mention_room(user: User, mentioners: str) -> ExpressionWrapper:
    """That it is a room in which the person may notify everybody at once (`@room`, `@here`): as one of those
    who may moderate it, or as a member who is no guest, if the site allows that in a room of this size.

    Args:
        mentioners: `Installation.room_mentioners`.
    """
    if mentioners == Installation.RoomMentioners.MODERATORS:
        return can_moderate(user)
    members = Membership.objects.filter(conversation=OuterRef("pk"))
    may = Q(kind=Kind.ROOM) & Q(Exists(members.active_non_guests().filter(user=user)))
    if mentioners == Installation.RoomMentioners.SMALL_ROOMS:
        more = members.filter(user__is_active=True).order_by("pk")[SMALL_ROOM : SMALL_ROOM + 1]
        may &= ~Q(Exists(more)) | Q(can_moderate(user))
    return condition(may)


def can_undo_removal(user: User) -> ExpressionWrapper:
    """That the room was removed less than 30 days ago, and that the person is an active owner, or removed it
    and is active and no guest."""
    in_time = Q(removed_at__gt=timezone.now() - UNDO_REMOVAL_WITHIN)
    person = _active_non_guest(user)
    is_owner = Q(Exists(person.filter(role=User.Role.OWNER)))
    return condition(in_time & (is_owner | Q(Exists(person), removed_by=user)))


def _active_non_guest(user: User) -> UserQuerySet:
    return User.objects.active().filter(pk=user.pk).exclude(role=User.Role.GUEST)
