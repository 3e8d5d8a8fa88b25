"""Places at which a server can be made to die, as by kill -9, while it sends a message."""

import os
import random
import signal

from tests.faults.planted.bug import Bug, Change

ONE_IN = 12  # messages
HERE = "import tests.faults.planted.crashes as crashes"
SAVED = "models.Model.save(message, force_insert=True)"
ANNOUNCE = "    transaction.on_commit(partial("


def sometimes() -> None:
    if random.randrange(ONE_IN) == 0:
        os.kill(os.getpid(), signal.SIGKILL)


CRASHES = {
    "before the commit": Bug(
        changes=(
            Change(
                "messaging.models.messages.saving", "send", (SAVED, f"{SAVED}; {HERE}; crashes.sometimes()")
            ),
        )
    ),
    "after the commit": Bug(
        changes=(
            Change(
                "messaging.models.conversations.conversation",
                "notify_changed",
                (ANNOUNCE, f"    {HERE}; transaction.on_commit(crashes.sometimes)\n{ANNOUNCE}"),
            ),
        )
    ),
    "before the answer": Bug(
        changes=(
            Change(
                "messaging.models.messages.saving",
                "post",
                ("    return message", f"    {HERE}; crashes.sometimes()\n    return message"),
            ),
        )
    ),
}
