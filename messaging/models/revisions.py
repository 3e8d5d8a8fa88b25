"""The texts that a message had, each with the words that changed since the one before."""

from dataclasses import dataclass
from datetime import datetime

from messaging.models.messages import Message
from messaging.models.users import User
from messaging.text import Change, word_diff

REVISIONS_SHOWN = 20


@dataclass
class Revision:
    """One text: number 1 as it was first sent, the highest the current one."""

    number: int
    editor: User | None
    at: datetime
    changes: list[Change]
    is_current: bool

    @property
    def is_first(self) -> bool:
        return self.number == 1


def revisions_of(message: Message, before: int | None = None) -> tuple[list[Revision], int | None]:
    """The latest texts of a message, newest first.

    Args:
        before: only texts up to this number.

    Returns:
        At most `REVISIONS_SHOWN` revisions, and the number to ask for what came before them, or None.
    """
    if message.is_removed:
        return [], None
    earlier = message.history.select_related("edited_by").order_by("-number")
    if before is not None:
        earlier = earlier.filter(number__lte=before)
    replaced = list(earlier[: REVISIONS_SHOWN + 1])
    # Each row holds a text and the edit that replaced it: the text that came of that edit is the next one's.
    newer = message.content if before is None else None
    revisions: list[Revision] = []
    for row in replaced:
        if newer is not None:
            changes = word_diff(row.old_content, newer)
            number = row.number + 1
            revisions.append(
                Revision(number, row.edited_by, row.edited_at, changes, not revisions and before is None)
            )
        newer = row.old_content
    revisions = revisions[:REVISIONS_SHOWN]
    oldest = replaced[-1].number if replaced else 0
    if oldest <= 1 and newer is not None and len(revisions) < REVISIONS_SHOWN:
        first = Change("equal", newer)
        revisions.append(
            Revision(1, message.sender, message.timestamp, [first], not revisions and before is None)
        )
        return revisions, None
    return revisions, revisions[-1].number - 1 if revisions else None
