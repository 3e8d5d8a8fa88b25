"""What a message's HTML shows that its text alone does not say: whom it mentions, rooms, groups and emoji.

A name can belong to somebody else since, and an emoji can be retired; the message shows what it showed.
"""

from collections.abc import Callable, Mapping
from typing import Final

from messaging.archive.site.errors import ArchiveError
from messaging.text import many_mentioned_in, render
from messaging.text.emoji import pictures_in
from messaging.text.mentions import group_address, group_id_in, people_mentioned_in, room_address
from messaging.text.room_names import rooms_in

KINDS: Final = ("people", "groups", "rooms", "emoji")
Shown = dict[str, dict[str, int]]


def shown_in(content_html: str, emoji: Mapping[str, int]) -> Shown:
    """What rendered HTML shows, by kind: the name as it was typed -> an id. `@room` and `@here` have 0.

    Args:
        emoji: the file name of a picture -> the id of the custom emoji.
    """
    if "<a " not in content_html and "<img" not in content_html:
        return {}
    pictures = {
        name: emoji[picture] for name, picture in pictures_in(content_html).items() if picture in emoji
    }
    many = {name: group_id_in(address) or 0 for name, address in many_mentioned_in(content_html).items()}
    found = dict(
        zip(KINDS, (people_mentioned_in(content_html), many, rooms_in(content_html), pictures), strict=True)
    )
    return {kind: names for kind, names in found.items() if names}


def html_of(
    text: str,
    shows: object,
    conversation: int,
    known: Callable[[str, object], int],
    pictures: Mapping[int, str],
) -> tuple[str, set[int]]:
    """The HTML of an imported text, and the ids of those whom it mentions.

    Args:
        shows: as `shown_in` returns it.
        known: checks the id of a row of a kind, and returns it.
        pictures: the id of a custom emoji -> the file name of its picture.

    Raises:
        ArchiveError: `shows` has another form, or names what is not there.
    """
    if not isinstance(shows, dict) or not all(
        kind in KINDS and isinstance(names, dict) for kind, names in shows.items()
    ):
        raise ArchiveError("“shows” does not have the form that docs/export.md describes")
    people, groups, rooms, emoji = (shows.get(kind, {}) for kind in KINDS)
    many = {
        name: group_address(known("groups", pk)) if pk else room_address(conversation)
        for name, pk in groups.items()
    }
    mentioned = {name: known("people", pk) for name, pk in people.items()}
    # A room that was deleted since is linked too: the link then leads nowhere, as before.
    linked = {name: pk for name, pk in rooms.items() if isinstance(pk, int)}
    shown = {name: pictures[known("emoji", pk)] for name, pk in emoji.items()}
    return render(text, mentioned, shown, many, linked), set(mentioned.values())
