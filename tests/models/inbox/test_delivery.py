"""The one decision about how loudly a person is told: all combinations, by a table written by hand."""

from itertools import product
from typing import Final

from messaging.models import Notification
from messaging.models.inbox.delivery import Loudness, Situation, decide
from messaging.models.people.preferences import NotificationLevel
from messaging.rendering.levels import level_names, level_rows

Reason, Level = Notification.Reason, NotificationLevel
BOTH: Final = (False, True)
# Of something unread that the person may read, when they are away and it is no quiet time.
FOR_THEM: Final = {
    Level.EVERY: Loudness.TELL,
    Level.ALL: Loudness.TELL,
    Level.PERSONAL: Loudness.TELL,
    Level.MUTED: Loudness.INBOX,
}
TABLE: Final[dict[Notification.Reason, dict[NotificationLevel, Loudness]]] = {
    **{reason: FOR_THEM for reason in Reason if reason not in (Reason.ROOM, Reason.EVERY)},
    Reason.ROOM: {
        Level.EVERY: Loudness.INBOX,
        Level.ALL: Loudness.INBOX,
        Level.PERSONAL: Loudness.NOTHING,
        Level.MUTED: Loudness.NOTHING,
    },
    # Chosen when it was sent; another level chosen since makes an ordinary message of it.
    Reason.EVERY: {
        Level.EVERY: Loudness.TELL,
        Level.ALL: Loudness.INBOX,
        Level.PERSONAL: Loudness.NOTHING,
        Level.MUTED: Loudness.NOTHING,
    },
}


def expected(one: Situation) -> Loudness:
    if not one.may_read or one.is_read:
        return Loudness.NOTHING
    found = TABLE[Reason(one.reason)][Level(one.notification_level)]
    if found != Loudness.TELL:
        return found
    return Loudness.AFTERWARDS if one.is_quiet else Loudness.WAIT if one.is_looking else Loudness.TELL


def test_each_combination_is_decided_as_the_table_says() -> None:
    situations = [Situation(*values) for values in product(Reason, Level, BOTH, BOTH, BOTH, BOTH)]
    assert len(situations) == 9 * 4 * 16
    wrong = [one for one in situations if decide(one) != expected(one)]
    assert wrong == []


def test_what_is_told_is_pushed_and_mailed_and_nothing_else_is() -> None:
    ways = {loudness: (loudness.pushes, loudness.mails) for loudness in Loudness}
    assert ways == {
        Loudness.NOTHING: (False, False),
        Loudness.INBOX: (False, False),
        Loudness.AFTERWARDS: (False, False),
        Loudness.WAIT: (False, True),
        Loudness.TELL: (True, True),
    }


def test_the_table_of_the_settings_says_what_is_decided() -> None:
    assert level_names() == [
        "Notify of each message",
        "Show all as unread",
        "Only what is for you",
        "Muted",
    ]
    shown = {row.kind: [word for word, _style in row.cells] for row in level_rows()}
    assert shown == {
        "Direct message": ["Notifies", "Notifies", "Notifies", "Inbox only"],
        "Mention of you or your group": ["Notifies", "Notifies", "Notifies", "Inbox only"],
        "One of your keywords": ["Notifies", "Notifies", "Notifies", "Nothing"],
        "@room or @here": ["Notifies", "Notifies", "Notifies", "Nothing"],
        "Reply in a thread that you follow": ["Notifies", "Notifies", "Notifies", "Inbox only"],
        "Any other message": ["Notifies", "Unread", "Nothing", "Nothing"],
    }
