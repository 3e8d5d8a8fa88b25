"""Conditions of a server: it dies at a named place, its disk is full or read-only, its clock is wrong."""

import os
import random
import signal
from datetime import datetime, timedelta

from tests.faults.planted.bug import Bug, Change

ONE_IN = 12  # messages
HERE = "import tests.faults.planted.conditions as planted"
SAVED = "models.Model.save(message, force_insert=True)"
LAST_PRAGMA = "PRAGMA secure_delete=ON;"
ANNOUNCE = "    transaction.on_commit(partial("


def die_sometimes() -> None:
    if random.randrange(ONE_IN) == 0:
        os.kill(os.getpid(), signal.SIGKILL)


def turn_clock_back() -> None:
    """An hour, in this process."""
    import time_machine

    time_machine.travel(datetime.now().astimezone() - timedelta(hours=1), tick=True).start()


CONDITIONS = {
    "it dies before the commit": Bug(
        changes=(
            Change(
                "messaging.models.messages.saving",
                "_insert",
                (SAVED, f"{SAVED}; {HERE}; planted.die_sometimes()"),
            ),
        )
    ),
    "it dies after the commit": Bug(
        changes=(
            Change(
                "messaging.models.conversations.conversation",
                "notify_changed",
                (ANNOUNCE, f"    {HERE}; transaction.on_commit(planted.die_sometimes)\n{ANNOUNCE}"),
            ),
        )
    ),
    "it dies before the answer": Bug(
        changes=(
            Change(
                "messaging.models.messages.saving",
                "post",
                ("    return message", f"    {HERE}; planted.die_sometimes()\n    return message"),
            ),
        )
    ),
    # The smallest limit is the present size.
    "the disk is full": Bug(init_command=(LAST_PRAGMA, f"{LAST_PRAGMA} PRAGMA max_page_count=1;")),
    "the database is read-only": Bug(init_command=(LAST_PRAGMA, f"{LAST_PRAGMA} PRAGMA query_only=ON;")),
    "the clock is an hour behind": Bug(at_start=turn_clock_back),
}
