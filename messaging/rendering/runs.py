"""Runs: successive messages of one author, which the timeline shows under one name.

Whether a message continues a run depends on nothing but the message before it, so that a page that was just
loaded and one to which the messages came one by one agree. `static/js/timeline.js` has the same rule.
"""

from datetime import UTC, datetime, timedelta

from messaging.models import Message

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)  # a script's time has no smaller part
RUN_MILLISECONDS = 5 * 60 * 1000
# Every ten minutes of the clock a run begins anew, so that a name is never far above.
PERIOD_MILLISECONDS = 2 * RUN_MILLISECONDS


def continues_run(message: Message, previous: Message | None) -> bool:
    """Whether the author of `previous`, the root before this one, sent this message too, soon after it."""
    if previous is None or message.author is None or message.author != previous.author:
        return False
    at, before = _milliseconds(message), _milliseconds(previous)
    return at - before < RUN_MILLISECONDS and at // PERIOD_MILLISECONDS == before // PERIOD_MILLISECONDS


def _milliseconds(message: Message) -> int:
    return (message.timestamp - EPOCH) // MILLISECOND
