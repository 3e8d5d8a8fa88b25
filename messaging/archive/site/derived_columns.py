"""Columns of imported rows that are computed from others, or allowed only in some rows."""

from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError

from messaging.archive.site.errors import ArchiveError
from messaging.archive.site.rows import Rows, Values
from messaging.models import Conversation, Membership, User
from messaging.models.messages.block_list import key_of
from messaging.models.messages.keywords import checked_keywords
from messaging.models.site.retention import LONGEST_DAYS, Retention, RoomRules, Rule, retention_from
from messaging.text.natural_order import natural_text

_RETENTION: Final = {"rule", "announced", "starts_at", "is_started"}


def site_values(values: Values, known: Rows) -> Values:
    """Raises ArchiveError: the rule of retention has another form."""
    return values | {
        "block_key": key_of(values["blocked_words"], values["blocked_hosts"]),
        "retention": _retention(values["retention"]),
    }


def person_values(values: Values, known: Rows) -> Values:
    """Nobody has a password. Raises ArchiveError: the sections of the sidebar have another form."""
    if not all(_is_pair(section, int, str) for section in values["sections"]):
        raise ArchiveError("“sections” must be pairs of a number and a name")
    if not all(isinstance(key, str) for key in values["folded_sections"]):
        raise ArchiveError("“folded_sections” must be texts")
    is_owner = values["role"] == User.Role.OWNER
    return values | {"password": make_password(None), "is_staff": is_owner, "is_superuser": is_owner}


def conversation_values(values: Values, known: Rows) -> Values:
    """Raises ArchiveError: a column of one kind of conversation is missing in it, or present in another."""
    row = Conversation(**values)
    people = row.direct_key.split(":") if row.direct_key else []
    if bool(people) != row.is_direct:
        raise ArchiveError("only a direct conversation has “between”, and it must have it")
    ids = known.ids(User, [int(pk) if pk.isascii() and pk.isdecimal() else pk for pk in people], "between")
    if ids != sorted(set(ids)) or len(ids) > 2:
        raise ArchiveError("“between” must be the ids of one or two people, such as “3:17”")
    removed: Any = [] if row.removed_members is None else row.removed_members
    if not (isinstance(removed, list) and all(_is_member(member) for member in removed)):
        raise ArchiveError("“removed_members” must be pairs of an id and a role")
    if row.retention and not row.is_room:
        raise ArchiveError("only a room has “retention”")
    return values | {
        "retention": _retention(row.retention),
        "removed_members": row.removed_members and [one for one in removed if known.has(User, one[0])],
        "name_order": natural_text(row.name),
        "room_key": row.key_of(row.name) if row.is_room and not row.removed_at else None,
    }


def keyword_values(values: Values, known: Rows) -> Values:
    """Raises ArchiveError: it has no word that could be found in a message."""
    try:
        ((folded, word),) = checked_keywords([values["word"]]).items()
    except (ValidationError, ValueError):
        raise ArchiveError("“word” must have letters or digits") from None
    return values | {"word": word, "folded": folded}


def _retention(column: object) -> object:
    """What a column `retention` holds, checked. Raises ArchiveError."""
    if column is None:
        return None
    if isinstance(column, dict) and column.keys() == _RETENTION:
        try:
            stored = retention_from(column)
        except (TypeError, ValueError):
            stored = None
        if stored and _is_whole(stored):
            return stored.to_column()
    raise ArchiveError("“retention” does not have the form that docs/export.md describes")


def _is_whole(stored: Retention) -> bool:
    has_zone = stored.starts_at is None or stored.starts_at.tzinfo is not None
    return has_zone and all(_is_rule(rule) for rule in (stored.rule, stored.announced) if rule)


def _is_rule(rule: Rule) -> bool:
    days = rule.days
    has_days = days is None or (type(days) is int and 0 < days <= LONGEST_DAYS)
    return (
        has_days
        and isinstance(rule.keeps_pinned, bool)
        and isinstance(rule.keeps_saved, bool)
        and rule.rooms in RoomRules.values
    )


def _is_member(value: object) -> bool:
    return _is_pair(value, int, str) and value[1] in Membership.Role.values  # type: ignore[index]


def _is_pair(value: object, first: type, second: type) -> bool:
    is_pair = isinstance(value, list) and len(value) == 2
    return is_pair and isinstance(value[0], first) and isinstance(value[1], second)  # type: ignore[index]
