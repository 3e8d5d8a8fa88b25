"""The texts that a message had, each with the words that changed since the one before."""

from dataclasses import dataclass
from datetime import datetime

from messaging.models.messages.message import Message
from messaging.models.people.user import User
from messaging.text import Change, word_diff

REVISIONS_SHOWN = 20


@dataclass
class Revision:
    """One text of a message: number 1 is the first one, the highest number the current one. For a removed
    text, neither the text nor the changes are known."""

    number: int
    editor: User | None
    at: datetime
    changes: list[Change]
    is_current: bool
    is_removed: bool = False

    @property
    def is_first(self) -> bool:
        return self.number == 1


def revisions_of(message: Message, up_to: int | None = None) -> tuple[list[Revision], int | None]:
    """The latest texts of a message, newest first.

    Args:
        up_to: only texts up to this number.

    Returns:
        At most `REVISIONS_SHOWN` revisions, and the number to ask for what came before them, or None.
    """
    if message.is_removed:
        return [], None
    earlier = message.history.select_related("edited_by").order_by("-number")
    if up_to is not None:
        earlier = earlier.filter(number__lte=up_to)
    replaced = list(earlier[: REVISIONS_SHOWN + 1])
    # A row holds a text and the edit that replaced it. The text that this edit wrote is in the next row.
    newer = _Text(message.content) if up_to is None else None
    revisions: list[Revision] = []

    def add(number: int, editor: User | None, at: datetime, text: _Text, older: str | None) -> None:
        is_current = not revisions and up_to is None
        revisions.append(Revision(number, editor, at, text.changes(older), is_current, text.is_removed))

    for row in replaced:
        text = _Text(row.old_content, row.removed_at is not None)
        if newer:
            add(row.number + 1, row.edited_by, row.edited_at, newer, None if text.is_removed else text.words)
        newer = text
    revisions = revisions[:REVISIONS_SHOWN]
    oldest = replaced[-1].number if replaced else 0
    if oldest <= 1 and newer and len(revisions) < REVISIONS_SHOWN:
        add(1, message.sender, message.timestamp, newer, None)
        return revisions, None
    return revisions, revisions[-1].number - 1 if revisions else None


@dataclass
class _Text:
    words: str
    is_removed: bool = False

    def changes(self, older: str | None) -> list[Change]:
        """What changed since an older text; the whole, where there is none to compare it with."""
        if self.is_removed:
            return []
        return [Change("equal", self.words)] if older is None else word_diff(older, self.words)
