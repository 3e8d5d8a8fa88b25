"""Columns of imported people, conversations and the site that must fit together, or follow from others."""

from typing import Any

from django.contrib.auth.hashers import make_password

from messaging.archive.site.errors import ArchiveError
from messaging.archive.site.rows import Rows, Values
from messaging.models import Conversation, Membership, User
from messaging.models.messages.block_list import key_of
from messaging.text.natural_order import natural_text


def site_values(values: Values, known: Rows) -> Values:
    return values | {"block_key": key_of(values["blocked_words"], values["blocked_hosts"])}


def person_values(values: Values, known: Rows) -> Values:
    """Nobody has a password. Raises ArchiveError: the sections of the sidebar have another form."""
    if not all(_is_pair(section, int, str) for section in values["sections"]):
        raise ArchiveError("“sections” are pairs of a number and a name")
    if not all(isinstance(key, str) for key in values["folded_sections"]):
        raise ArchiveError("“folded_sections” are texts")
    is_owner = values["role"] == User.Role.OWNER
    return values | {"password": make_password(None), "is_staff": is_owner, "is_superuser": is_owner}


def conversation_values(values: Values, known: Rows) -> Values:
    """Raises ArchiveError: what only some kinds have is missing, or there without need."""
    row = Conversation(**values)
    people = row.direct_key.split(":") if row.direct_key else []
    if bool(people) != row.is_direct:
        raise ArchiveError("“between” is what a direct conversation has, and no other")
    ids = [known.id_of(User, int(pk) if pk.isascii() and pk.isdecimal() else pk) for pk in people]
    if ids != sorted(set(ids)) or len(ids) > 2:
        raise ArchiveError("“between” are the ids of one or two people, such as “3:17”")
    removed: Any = [] if row.removed_members is None else row.removed_members
    if not (isinstance(removed, list) and all(_is_member(member) for member in removed)):
        raise ArchiveError("“removed_members” are pairs of an id and a role")
    return values | {
        "removed_members": row.removed_members and [one for one in removed if known.has(User, one[0])],
        "name_order": natural_text(row.name),
        "room_key": row.key_of(row.name) if row.is_room and not row.removed_at else None,
    }


def _is_member(value: object) -> bool:
    return _is_pair(value, int, str) and value[1] in Membership.Role.values  # type: ignore[index]


def _is_pair(value: object, first: type, second: type) -> bool:
    is_pair = isinstance(value, list) and len(value) == 2
    return is_pair and isinstance(value[0], first) and isinstance(value[1], second)  # type: ignore[index]
