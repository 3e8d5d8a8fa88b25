"""How a person arranges their sidebar: sections of their own, what is in them, and which are folded.

A person's sections are columns of their row, and a membership has the id of one. So they cost no query: every
page reads that row. Each change raises `User.arrangement`, by which streams notice it.
"""

from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from messaging.models.conversations.conversation import Conversation
from messaging.models.conversations.membership import Membership
from messaging.models.db.refusals import Gone, get_or_gone
from messaging.models.people.preferences import NotificationLevel
from messaging.models.people.user import User
from messaging.text import clean_text

STARRED, ROOMS, PEOPLE = BUILT_IN = ("starred", "rooms", "people")  # keys of the sections that everybody has
MOST_SECTIONS: Final = 50
NAME_LENGTH: Final = 40


class Section(NamedTuple):
    """A section of a person's own. Its `key` stands beside those of the built-in ones."""

    pk: int
    name: str

    @property
    def key(self) -> str:
        return str(self.pk)


Sections: TypeAlias = list[Section]


def sections_of(user: User) -> Sections:
    """The person's own sections, in their order."""
    return [Section(pk, name) for pk, name in user.sections]


def create_section(user: User, name: str) -> Section:
    """A new section, below the others.

    Raises:
        ValidationError: the name is empty or too long, or they have too many sections.
        Gone: the person was deleted.
    """
    name = _clean(name)

    def add(sections: Sections) -> Sections:
        if len(sections) >= MOST_SECTIONS:
            raise ValidationError(
                _("You cannot have more than %(number)d sections.") % {"number": MOST_SECTIONS}
            )
        return [*sections, Section(max((one.pk for one in sections), default=0) + 1, name)]

    return _change(user, add)[-1]


def rename_section(user: User, pk: int, name: str) -> None:
    """Raises as `create_section`; Gone, too, if there is no such section."""
    name = _clean(name)
    _change(user, lambda sections: [Section(pk, name) if one.pk == pk else one for one in sections], of=pk)


def move_section(user: User, pk: int, step: int) -> None:
    """Move it up (-1) or down (1) by one place; the first and the last one stay there. Raises Gone."""

    def moved(sections: Sections) -> Sections:
        place = next(place for place, one in enumerate(sections) if one.pk == pk)
        section = sections.pop(place)
        sections.insert(max(0, place + step), section)
        return sections

    _change(user, moved, of=pk)


def delete_section(user: User, pk: int) -> None:
    """Its conversations go back to where they would be without it.

    Nothing happens if there is no such section.
    """
    with transaction.atomic():
        _change(user, lambda sections: [one for one in sections if one.pk != pk])
        Membership.objects.filter(user=user, section=pk).update(section=0)
        fold_section(user, str(pk), is_folded=False)


def fold_section(user: User, key: str, is_folded: bool) -> None:
    """Show only what is unread in a section, or everything again.

    Args:
        key: of a built-in section, or of one of the person's own; others are ignored.

    Raises:
        Gone: the person was deleted.
    """
    with transaction.atomic():
        sections, folded = _locked(user)
        keys = {*BUILT_IN, *(section.key for section in sections)}
        now_folded = {*folded, key} if is_folded else {*folded} - {key}
        user.folded_sections = sorted(keys & now_folded)
        _save(user, folded_sections=user.folded_sections)


def arrange(user: User, conversation: Conversation, **changes: object) -> None:
    """Change where a conversation stands in the person's sidebar.

    Args:
        changes: columns of their membership: `is_starred`, `notification_level`, `section`, `hidden_at`. A
            section that they do not have counts as none.

    Raises:
        Gone: they are no longer a member, or were deleted.
    """
    with transaction.atomic():
        sections, _folded = _locked(user)
        if "section" in changes and changes["section"] not in {section.pk for section in sections}:
            changes["section"] = 0
        if not Membership.objects.filter(user=user, conversation=conversation).update(**changes):
            raise Gone
        _save(user)


def unmuted_level(user: User, conversation: Conversation) -> str:
    """The notification level of a conversation that is no longer muted: what the person prefers in rooms."""
    level = user.default_notification_level
    is_usual = conversation.is_room and level != NotificationLevel.MUTED
    return level if is_usual else NotificationLevel.ALL


def _change(user: User, change: Callable[[Sections], Sections], of: int | None = None) -> Sections:
    """Change the person's sections under a lock. Raises Gone if they have no section with the id `of`."""
    with transaction.atomic():
        sections, _folded = _locked(user)
        if of is not None and of not in {section.pk for section in sections}:
            raise Gone
        sections = change(sections)
        user.sections = [list(section) for section in sections]
        _save(user, sections=user.sections)
    return sections


def _locked(user: User) -> tuple[Sections, list[str]]:
    """The person's sections, and the keys of the folded ones, under a lock."""
    row = User.objects.filter(pk=user.pk).select_for_update(no_key=True)
    found = get_or_gone(row.values("sections", "folded_sections"))
    return [Section(*one) for one in found["sections"]], found["folded_sections"]


def _save(user: User, **columns: object) -> None:
    row = User.objects.filter(pk=user.pk)
    row.update(arrangement=F("arrangement") + 1, **columns)
    row.raise_version()


def _clean(name: str) -> str:
    return clean_text(name, max_length=NAME_LENGTH, single_line=True)
