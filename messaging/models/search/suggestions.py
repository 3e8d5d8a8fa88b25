"""What the last word of a search may become: people first, then rooms, then operators."""

import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.kind import Kind
from messaging.models.db.text_match import contains, fold
from messaging.models.people.user import User
from messaging.models.search.query import ALIASES, Operator

OFFERED: Final = 8
OF_PEOPLE, OF_ROOMS = 4, 2  # at most, so that there is space for suggestions of other kinds
SHORTEST: Final = 2  # letters of a word without operator
COMPARED: Final = 200  # of the names that contain what was typed
PEOPLE: Final = ("from", "to", "with", "mentions")
VALUES: Final = {
    "is": ("unread", "thread", "edited", "mine", "pinned", "saved", "later"),
    "has": ("link", "code", "file", "image", "reaction", "poll", "task"),
    "during": ("today", "yesterday", "last week", "last month"),
    "on": ("today", "yesterday"),
    "before": ("today", "this week", "this month"),
    "after": ("yesterday", "last week", "last month"),
}
_LAST: Final = re.compile(r'(?:^|(?<=\s))(-?)(?:([A-Za-z]+):)?(["“][^"“”]*|[^\s"“”]*)$')

Named = TypeVar("Named", bound=Hashable)


@dataclass
class Suggestion:
    """
    Attributes:
        operator: as it is typed.
        name: whom or what it names, if it names somebody or a room.
        person: whose picture is shown.
        query: the whole search with it, and a space after it.
    """

    operator: Operator
    name: str = ""
    person: User | None = None
    query: str = ""


def suggestions(reader: User, typed: str) -> list[Suggestion]:
    """What the last word of a search may become. At most two queries.

    Args:
        typed: what was typed so far. After a space there is no unfinished word.
    """
    last = _LAST.search(typed)
    if last is None:
        return []
    minus, name, begun = last.groups()
    if not name and begun[:1] in ('"', "“"):  # a phrase
        return []
    begun = begun.lstrip('"“').removeprefix("@").removeprefix("#")
    found = _of_operator(reader, name, begun) if name else _of_word(reader, begun)
    for one in found:
        one.operator = Operator(one.operator.name, one.operator.value, bool(minus))
        one.query = f"{typed[: last.start()]}{one.operator} "
    return [one for one in found if one.query.rstrip() != typed][:OFFERED]


def _of_word(reader: User, begun: str) -> list[Suggestion]:
    if len(begun) < SHORTEST:
        return []
    people, rooms = _people(reader, "from", begun), _rooms(reader, begun)
    return people[:OF_PEOPLE] + rooms[:OF_ROOMS] + _values_called(begun)


def _of_operator(reader: User, name: str, begun: str) -> list[Suggestion]:
    operator = ALIASES.get(name.lower(), name.lower())
    if operator in PEOPLE:
        me = [Suggestion(Operator(operator, "me"), _("You"))] if "me".startswith(begun.lower()) else []
        return me + _people(reader, operator, begun)
    if operator == "in":
        return _rooms(reader, begun)
    values = [value for value in VALUES.get(operator, ()) if value.startswith(begun.lower())]
    return [Suggestion(Operator(operator, value)) for value in values]


def _values_called(begun: str) -> list[Suggestion]:
    """The operators whose name or value begins so: "has:link" for "ha" and for "li"."""
    begun = begun.lower()
    return [
        Suggestion(Operator(name, value))
        for name, values in VALUES.items()
        for value in values
        if name.startswith(begun) or (len(begun) > SHORTEST and value.startswith(begun))
    ]


def _people(reader: User, operator: str, begun: str) -> list[Suggestion]:
    visible = User.objects.visible_to(reader).filter(is_active=True).called(begun).by_name()
    people = _best(begun, {one: (one.name, one.username) for one in visible[:COMPARED]})
    return [Suggestion(Operator(operator, f"@{one.username}"), one.name, one) for one in people]


def _rooms(reader: User, begun: str) -> list[Suggestion]:
    mine = Conversation.objects.visible_to(reader).filter(contains(begun, "name"), kind=Kind.ROOM)
    rooms = _best(begun, {name: (name,) for name in mine.values_list("name", flat=True)[:COMPARED]})
    return [Suggestion(Operator("in", f"#{name}"), name) for name in rooms]


def _best(begun: str, names: dict[Named, tuple[str, ...]]) -> list[Named]:
    """First those with a name that begins with this text, then those with another word that does."""
    begin = fold(begun)
    inside = re.compile(rf"(?:^|[\W_]){re.escape(begin)}")
    first = [one for one, called in names.items() if any(fold(name).startswith(begin) for name in called)]
    second = [one for one, called in names.items() if any(inside.search(fold(name)) for name in called)]
    return list(dict.fromkeys(first + second))
