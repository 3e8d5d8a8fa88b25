"""Signals about changes, which are sent after the commit (`messaging.signals` listens).

The signal names what changed, never its new value: a listener reads the database. So a listener that misses a
signal is late, but not wrong.
"""

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal

changed = Signal()
texts_erased = Signal()  # many texts were deleted: caches with copies of them are emptied
NEXT_VERSION = F("version") + 1  # of a conversation, for another column that is set in the same UPDATE


def notify_changed(
    conversations: Iterable[int] = (), people: Iterable[int] = (), installation: bool = False
) -> None:
    """Send `changed` with these ids once the transaction is committed; at once where there is none.

    Args:
        conversations: ids of conversations whose version went up.
        people: ids of people whose version went up.
        installation: whether one of the installation's numbers went up.
    """
    what = {"conversations": set(conversations), "people": set(people), "installation": installation}
    transaction.on_commit(partial(changed.send_robust, None, **what), robust=True)
