"""A server tidies once a day, beside its work: what nobody can have back goes on its day, not with the next
start. Of several processes none does it by itself; there a timer runs `manage.py tidy`."""

import logging
from threading import Event, Thread

from django.core.management import call_command
from django.db import connections

DAY_SECONDS = 24 * 60 * 60

logger = logging.getLogger(__name__)


def tidy_daily() -> Event:
    """Begin to tidy in the background, a day from now. Setting the event that is returned ends it."""
    over = Event()
    Thread(target=_tidy, args=[DAY_SECONDS, over], name="tidy", daemon=True).start()
    return over


def _tidy(seconds: float, over: Event) -> None:
    while not over.wait(seconds):
        try:
            call_command("tidy", verbosity=0)
        except Exception:
            # Whatever it was (the database is locked, or away), the next day does what is left.
            logger.exception("What nobody can have back could not be deleted, and will be tomorrow.")
        finally:
            connections.close_all()
