"""What a person may do in the installation, by their role.

Owners may manage everyone else, also other owners; administrators may manage members and guests.
"""

from django.utils.translation import pgettext

from messaging.models.people.user import User
from messaging.models.site.installation import Installation


def can_manage(user: User, person: User) -> bool:
    """Whether `user` may manage `person`: give them one of `roles_to_give`, deactivate or ban them, or help
    them to sign in again."""
    if not (user.is_active and user.is_administrator) or person == user:
        return False
    return user.role == User.Role.OWNER or not person.is_administrator


def roles_to_give(user: User, person: User) -> list[str]:
    """The roles that `user` may give to `person`."""
    if not can_manage(user, person):
        return []
    if user.role == User.Role.OWNER:
        return list(User.Role.values)
    return [User.Role.MEMBER, User.Role.GUEST]


def role_in_line(person: User) -> str:
    """Their role as it stands within a line, after the username."""
    match person.role:
        case User.Role.OWNER:
            return pgettext("of a person", "owner")
        case User.Role.ADMINISTRATOR:
            return pgettext("of a person", "administrator")
        case User.Role.GUEST:
            return pgettext("of a person", "guest")
        case _:
            return pgettext("of a person", "member")


def can_create_rooms(user: User, installation: Installation) -> bool:
    if installation.room_creators == Installation.RoomCreators.ADMINISTRATORS:
        return user.is_administrator
    return not user.is_guest
