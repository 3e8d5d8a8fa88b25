"""How loudly a person is told of a message: the one decision that push, mails and open pages ask.

It is a function of a few plain values, so that a test goes through all combinations of them
(`tests/models/inbox/test_delivery.py`). Each way asks when it would tell, with what is true then.
"""

from dataclasses import dataclass
from enum import StrEnum

from messaging.models.messages.notification import Notification
from messaging.models.people.preferences import NotificationLevel

Reason = Notification.Reason


class Loudness(StrEnum):
    NOTHING = "nothing"
    INBOX = "inbox"  # it is counted there, and waits
    AFTERWARDS = "afterwards"  # the same; a mail tells of it when the quiet time is over
    WAIT = "wait"  # an open page shows it; push waits until the person looks away
    TELL = "tell"  # push, mail, and a notice with a sound

    @property
    def pushes(self) -> bool:
        """Whether devices show it now."""
        return self == Loudness.TELL

    @property
    def mails(self) -> bool:
        """Whether a mail tells of it now. A page that is open behind others shows nothing to anybody, so
        being there does not count: what somebody saw is read."""
        return self in (Loudness.TELL, Loudness.WAIT)


@dataclass(frozen=True)
class Situation:
    """A message and a person at one moment.

    Attributes:
        reason: why the message is for the person (`Notification.Reason`).
        notification_level: theirs in its conversation.
        may_read: whether they are a member, and active, and the message is there.
        is_read: whether they have read it.
        is_quiet: whether they want to hear nothing now (`quiet_hours`).
        is_looking: whether they look at a page, on any device.
    """

    reason: str
    notification_level: str = NotificationLevel.ALL
    may_read: bool = True
    is_read: bool = False
    is_quiet: bool = False
    is_looking: bool = False


def decide(one: Situation) -> Loudness:
    """How loudly the person is told."""
    if not one.may_read:
        return Loudness.NOTHING
    if one.is_read:
        return Loudness.NOTHING
    reason = one.reason
    if reason == Reason.EVERY and one.notification_level != NotificationLevel.EVERY:
        reason = Reason.ROOM  # they have chosen another level since
    if reason == Reason.ROOM:
        is_counted = one.notification_level in NotificationLevel.counting_all()
        return Loudness.INBOX if is_counted else Loudness.NOTHING
    if one.notification_level == NotificationLevel.MUTED:
        return Loudness.INBOX
    if one.is_quiet:
        return Loudness.AFTERWARDS
    if one.is_looking:
        return Loudness.WAIT
    return Loudness.TELL
