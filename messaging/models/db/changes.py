"""That something moved: said when it is committed, to whoever listens (`messaging.signals`).

What moved is named, never what it is now: who hears of it reads the database, so that to miss it means to be
late, not to be wrong.
"""

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal

moved = Signal()
words_erased = Signal()  # much of what somebody wrote: whoever keeps copies forgets them
NEXT_VERSION = F("version") + 1  # of a conversation, written with whatever made it move


def tell(conversations: Iterable[int] = (), people: Iterable[int] = (), installation: bool = False) -> None:
    """Send `moved` with these ids once the transaction is committed; at once where there is none.

    Args:
        installation: one of the numbers of `Installation` moved.
    """
    what = {"conversations": set(conversations), "people": set(people), "installation": installation}
    transaction.on_commit(partial(moved.send_robust, None, **what), robust=True)
