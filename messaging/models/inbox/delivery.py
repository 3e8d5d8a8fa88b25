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


class Why(StrEnum):
    """What decided it."""

    GONE = "gone"  # the message was removed, or the person may not read it any more
    READ = "read"
    LEVEL = "level"  # of the conversation
    QUIET = "quiet"  # quiet hours, or a pause
    LOOKING = "looking"
    REASON = "reason"  # it is for the person: `Situation.reason`


@dataclass(frozen=True)
class Situation:
    """A message and a person at one moment.

    Attributes:
        reason: why the message is for the person (`Notification.Reason`).
        level: their notification level in its conversation.
        may_read: whether they are a member, and active, and the message is there.
        is_read: whether they have read it.
        is_quiet: whether they want to hear nothing now (`quiet_hours`).
        is_looking: whether they look at a page, on any device.
    """

    reason: str
    level: str = NotificationLevel.ALL
    may_read: bool = True
    is_read: bool = False
    is_quiet: bool = False
    is_looking: bool = False


@dataclass(frozen=True)
class Decision:
    loudness: Loudness
    why: Why

    @property
    def pushes(self) -> bool:
        """Whether devices show it now."""
        return self.loudness == Loudness.TELL

    @property
    def mails(self) -> bool:
        """Whether a mail tells of it now. A page that is open behind others shows nothing to anybody, so
        being there does not count: what somebody saw is read."""
        return self.loudness in (Loudness.TELL, Loudness.WAIT)

    @property
    def sounds(self) -> bool:
        """Whether an open page that nobody looks at shows a notice, with the sound that the person chose."""
        return self.loudness in (Loudness.TELL, Loudness.WAIT)


def decide(one: Situation) -> Decision:
    """How loudly the person is told."""
    if not one.may_read:
        return Decision(Loudness.NOTHING, Why.GONE)
    if one.is_read:
        return Decision(Loudness.NOTHING, Why.READ)
    reason = one.reason
    if reason == Reason.EVERY and one.level != NotificationLevel.EVERY:
        reason = Reason.ROOM  # they have chosen another level since
    if reason == Reason.ROOM:
        is_counted = one.level in NotificationLevel.counting_all()
        return Decision(Loudness.INBOX if is_counted else Loudness.NOTHING, Why.LEVEL)
    if one.level == NotificationLevel.MUTED:
        return Decision(Loudness.INBOX, Why.LEVEL)
    if one.is_quiet:
        return Decision(Loudness.AFTERWARDS, Why.QUIET)
    if one.is_looking:
        return Decision(Loudness.WAIT, Why.LOOKING)
    return Decision(Loudness.TELL, Why.REASON)
