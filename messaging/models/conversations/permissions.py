"""Who may do what with a conversation, as conditions on its row.

A page asks a condition to decide what it offers (`conversation.allows(can_join(user))`); the verb asks the
same condition again under the lock (`conversation.writing({"allowed": can_join(user)})`) and decides by that.
"""

from datetime import timedelta

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone

from messaging.models.conversations.kind import Kind
from messaging.models.conversations.membership import Membership
from messaging.models.conversations.room_bans import RoomBan
from messaging.models.people.queryset import UserQuerySet
from messaging.models.people.user import User

Condition = ExpressionWrapper | Exists
UNDO_REMOVAL_WITHIN = timedelta(days=30)  # of a room


def condition(rule: Q) -> ExpressionWrapper:
    """A rule as a column, so that it can be asked beside others in one query."""
    return ExpressionWrapper(rule, output_field=BooleanField())


def is_not_removed() -> ExpressionWrapper:
    """Nobody becomes a member of a removed room, in whatever way they try."""
    return condition(Q(removed_at=None))


def is_not_archived() -> ExpressionWrapper:
    return condition(Q(archived_at=None))


def has_member(user: User) -> Exists:
    return Exists(Membership.objects.filter(conversation=OuterRef("pk"), user=user))


def has_active_member(user: User) -> Exists:
    """That the person is a member, and was not deactivated meanwhile."""
    return Exists(Membership.objects.filter(conversation=OuterRef("pk"), user=user, user__is_active=True))


def bans(user: User) -> Exists:
    """That the person was removed from the room, and that nobody has added them again."""
    return Exists(RoomBan.objects.filter(conversation=OuterRef("pk"), user=user))


def can_join(user: User) -> ExpressionWrapper:
    """That it is a room which is not removed, and the person is a member; or it is public, and they are no
    guest and are not banned from it."""
    is_open = Q(is_private=False) & ~Q(bans(user)) & Q(Exists(_able(user)))
    return condition(Q(kind=Kind.ROOM, removed_at=None) & (Q(has_member(user)) | is_open))


def can_add_members(user: User) -> ExpressionWrapper:
    """That the person may add people: in public rooms and groups every member, in a private room its
    administrators, or every member where it has none. A guest nowhere."""
    able = Membership.objects.able().filter(conversation=OuterRef("pk"))
    administrators = able.filter(role=Membership.Role.ADMIN)
    is_private_room = Q(kind=Kind.ROOM, is_private=True)
    open_to_all = ~is_private_room | ~Exists(administrators) | Exists(administrators.filter(user=user))
    return condition(~Q(kind=Kind.DIRECT) & Q(Exists(able.filter(user=user))) & open_to_all)


def can_administer(user: User) -> ExpressionWrapper:
    """That it is a room, and the person one of its administrators, or one of the site's who is a member."""
    mine = Membership.objects.administering().filter(conversation=OuterRef("pk"), user=user)
    return condition(Q(kind=Kind.ROOM) & Q(Exists(mine)))


def can_moderate(user: User) -> ExpressionWrapper:
    """That it is a room, and the person one of its moderators or administrators, or one of the site's
    administrators who is a member. Groups and direct conversations have no moderators."""
    mine = Membership.objects.moderating().filter(conversation=OuterRef("pk"), user=user)
    return condition(Q(kind=Kind.ROOM) & Q(Exists(mine)))


def can_undo_removal(user: User) -> ExpressionWrapper:
    """The room was removed less than 30 days ago, by this person, who is no guest; or they are an owner."""
    in_time = Q(removed_at__gt=timezone.now() - UNDO_REMOVAL_WITHIN)
    able = _able(user)
    return condition(
        in_time & (Q(Exists(able.filter(role=User.Role.OWNER))) | Q(Exists(able), removed_by=user))
    )


def _able(user: User) -> UserQuerySet:
    return User.objects.active().filter(pk=user.pk).exclude(role=User.Role.GUEST)
