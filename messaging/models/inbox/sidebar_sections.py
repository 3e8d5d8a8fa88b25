"""The sidebar's sections: starred conversations, the person's own sections, rooms, and people."""

from collections.abc import Collection
from typing import NamedTuple

from messaging.models.inbox.sections import PEOPLE, ROOMS, STARRED, Section
from messaging.models.inbox.sidebar_entry import SidebarEntry
from messaging.text.natural_order import natural_key


class SidebarSection(NamedTuple):
    """A section as it is shown. `key` names it in forms and scripts; `section` is the person's own one."""

    key: str
    entries: list[SidebarEntry]
    is_folded: bool
    section: Section | None = None


def in_sections(
    entries: Collection[SidebarEntry], own: list[Section], folded: Collection[str]
) -> list[SidebarSection]:
    """The sections in the order in which they are shown. There is no empty section of starred conversations.

    Args:
        entries: with the latest conversation first.
        own: the person's sections.
        folded: the keys of sections of which only what is unread is shown.
    """
    found: dict[str, list[SidebarEntry]] = {STARRED: []}
    found |= {section.key: [] for section in own} | {ROOMS: [], PEOPLE: []}
    for entry in entries:
        found[_key_of(entry, found)].append(entry)
    named = {section.key: section for section in own}
    return [
        SidebarSection(key, sorted_entries(some), key in folded, named.get(key))
        for key, some in found.items()
        if some or key != STARRED
    ]


def sorted_entries(entries: Collection[SidebarEntry]) -> list[SidebarEntry]:
    """Rooms by name, then conversations with people, the latest first; what is muted comes last."""

    def rooms_by_name(entry: SidebarEntry) -> tuple[object, ...]:
        return entry.is_muted, not entry.is_room, natural_key(entry.title) if entry.is_room else ()

    return sorted(entries, key=rooms_by_name)


def _key_of(entry: SidebarEntry, keys: Collection[str]) -> str:
    if entry.is_starred:
        return STARRED
    own = str(entry.section)
    return own if own in keys else ROOMS if entry.is_room else PEOPLE
