"""What a person may do in the installation, by their role.

Whoever decides about somebody has to stand above them: owners decide about everyone, administrators about
members and guests.
"""

from messaging.models.people.user import User
from messaging.models.site.installation import Installation


def can_decide_about(user: User, person: User) -> bool:
    """Whether `user` may deactivate `person`, or change their role to one of `roles_to_give`."""
    if not (user.is_active and user.is_administrator) or person == user:
        return False
    return user.role == User.Role.OWNER or not person.is_administrator


def roles_to_give(user: User, person: User) -> list[str]:
    """The roles that `user` may give to `person`."""
    if not can_decide_about(user, person):
        return []
    if user.role == User.Role.OWNER:
        return list(User.Role.values)
    return [User.Role.MEMBER, User.Role.GUEST]


def can_create_rooms(user: User, installation: Installation) -> bool:
    if installation.room_makers == Installation.RoomMakers.ADMINISTRATORS:
        return user.is_administrator
    return not user.is_guest
