"""`manage.py worker`: runs background work until SIGTERM or Ctrl-C, beside server processes that run none."""

import signal
from typing import Any

from django.db import connections

from messaging.background.runner import running
from messaging.management.whole_installation import WholeInstallationCommand
from messaging.metrics import serving
from messaging.pushing.loop import pushing

ENDS = {signal.SIGINT, signal.SIGTERM}


class Command(WholeInstallationCommand):
    help = (
        "Send emails, push notifications, scheduled messages and reminders, finish deletions of accounts, "
        "and delete expired data, until Ctrl-C. `serve` does it too."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        serving.start()
        connections.close_all()  # of the checks before this; the loop has its own
        # Blocked before the thread starts, which inherits it: the signal comes to sigwait alone.
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
        with running(), pushing():
            signal.sigwait(ENDS)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)  # a second one does not wait for the task
