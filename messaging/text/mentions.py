"""Mentions such as `@ada`: finding them, and linking them to their people, rooms and groups.

A name may end with "." or "-", but where such a mark stands after a mention it usually belongs to the
sentence. So a mention in a text has several possible names, and the longest that exists is meant.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from .scripts import SPACED_LETTER

# Not inside a word, an address or a path, but directly beside letters of scripts without spaces. 150
# characters are more than a username can have (`User.username`).
MENTION: Final = re.compile(rf"(?<!{SPACED_LETTER})(?<![@.])@([A-Za-z0-9_.-]{{1,150}})(?!{SPACED_LETTER}|@)")
LINK_REL: Final = "noopener noreferrer nofollow ugc"  # of every link in a message
PERSON_PATH: Final = re.compile(r"/people/[1-9][0-9]*/")
# Of what is many people: the members of a room, and a group.
MANY_PATH: Final = re.compile(r"/conversations/[1-9][0-9]*/members/|/groups/[1-9][0-9]*/")
_PERSON_LINK: Final = re.compile(r'<a class="mention" href="/people/([1-9][0-9]*)/"[^>]*>@([^<]+)</a>')
_MANY_LINK: Final = re.compile(rf'<a class="mention" href="({MANY_PATH.pattern})"[^>]*>@([^<]+)</a>')
_MAX_MARKS = 4  # at the end of a name; more belong to the sentence


class Mention(NamedTuple):
    """Where somebody is mentioned, and the names in lower case that may be meant, longest first."""

    start: int
    names: tuple[str, ...]

    def name_among(self, usernames: Iterable[str]) -> str | None:
        """The name that is meant if only these people exist, or None."""
        return next((name for name in self.names if name in usernames), None)


def find_mentions(text: str, before: str = "") -> Iterator[Mention]:
    """Yield all mentions of a text. `before` is the character before the text."""
    end = -1
    for match in MENTION.finditer(before + text, len(before)):
        start = match.start()
        if match.string[start - 1 : start] == "/" and start - 1 != end:
            continue  # in a path; but "@ben/@sol" are two people
        end = match.end()
        yield Mention(start - len(before), _possible_names(match[1].lower()))


def person_address(user_id: int) -> str:
    return f"/people/{user_id}/"


def room_address(conversation_id: int) -> str:
    """Where `@room` and `@here` lead: the list of the room's members."""
    return f"/conversations/{conversation_id}/members/"


def group_address(group_id: int) -> str:
    return f"/groups/{group_id}/"


def group_id_in(address: str) -> int | None:
    """The id of the group that an address is of, or None."""
    return int(address.split("/")[2]) if address.startswith("/groups/") else None


def mention_link(text: str, user_id: int) -> str:
    """Return the HTML of a mention of a person. Its text (`@Ada`) needs no escaping, see MENTION."""
    return linked(text, person_address(user_id))


def linked(text: str, address: str) -> str:
    """Return the HTML of a mention that leads to this address."""
    return f'<a class="mention" href="{address}" dir="auto" rel="{LINK_REL}">{text}</a>'


def addresses_of(people: Mapping[str, int], many: Mapping[str, str]) -> Mapping[str, str]:
    """Where mentions lead, by name in lower case. A person comes before many people of the same name."""
    return {**many, **{name: person_address(user_id) for name, user_id in people.items()}}


def many_mentioned_in(html: str) -> dict[str, str]:
    """Which mentions of many people a rendered text shows: name in lower case -> address."""
    found = _MANY_LINK.findall(html) if 'class="mention"' in html else ()
    return {name.lower(): address for address, name in found}


def people_mentioned_in(html: str) -> dict[str, int]:
    """Whom a rendered text mentions: the name as it was typed, in lower case -> id."""
    found = _PERSON_LINK.findall(html) if 'class="mention"' in html else ()
    return {name.lower(): int(pk) for pk, name in found}


def unlink_mentions(html: str, user_id: int) -> str:
    """Remove the link of every mention of that person in rendered HTML. The text stays the same."""
    opening, closing = mention_link("\n", user_id).split("\n")
    return re.sub(f"{re.escape(opening)}(.*?){closing}", r"\1", html)


def _possible_names(name: str) -> tuple[str, ...]:
    shortest = name.rstrip(".-")
    longest = name[: len(shortest) + _MAX_MARKS]
    return tuple(longest[:length] for length in range(len(longest), max(len(shortest), 1) - 1, -1))
