"""The table that explains notification levels: what each does with each kind of message.

It is made by the function that decides (`delivery.decide`), so it cannot say anything else.
"""

from typing import NamedTuple

from django.utils.translation import gettext as _

from messaging.models import Notification
from messaging.models.inbox.delivery import Loudness, Situation, decide
from messaging.models.messages.group_mentions import NOT_FOR_MUTED
from messaging.models.people.preferences import NotificationLevel

Reason = Notification.Reason


class LevelRow(NamedTuple):
    """A kind of message, an example of one, and what each level does with it: (word, its style)."""

    kind: str
    example: str
    cells: list[tuple[str, str]]


def level_names() -> list[str]:
    """The levels in the order of the cells."""
    return [str(level.label) for level in NotificationLevel]


def level_rows() -> list[LevelRow]:
    kinds = [
        (Reason.DIRECT, _("Direct message"), _("Ada writes to you")),
        (Reason.MENTION, _("Mention of you or your group"), _("“Thanks, @you”, “@crew, please help”")),
        (Reason.KEYWORD, _("One of your keywords"), _("“The launch is on Monday”")),
        (Reason.EVERYBODY, _("@room or @here"), _("“@room: lunch”")),
        (Reason.REPLY, _("Reply in a thread that you follow"), _("Ben answers below your question")),
        (Reason.ROOM, _("Any other message"), _("“Good morning”")),
    ]
    return [
        LevelRow(kind, example, [_cell(reason, level) for level in NotificationLevel])
        for reason, kind, example in kinds
    ]


def _cell(reason: str, level: NotificationLevel) -> tuple[str, str]:
    if reason in NOT_FOR_MUTED and level == NotificationLevel.MUTED:
        reason = Reason.ROOM
    if reason == Reason.ROOM and level == NotificationLevel.EVERY:
        reason = Reason.EVERY
    match decide(Situation(reason, level)):
        case Loudness.TELL:
            return _("Notifies"), "tell"
        case Loudness.INBOX if reason == Reason.ROOM:
            return _("Unread"), "inbox"
        case Loudness.INBOX:
            return _("Inbox only"), "inbox"
        case _:
            return _("Nothing"), "nothing"
