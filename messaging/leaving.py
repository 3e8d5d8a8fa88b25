"""Departures go on after the answer: in a thread of the process that was asked, or of one that finds them."""

import logging
import threading

from django.db import connections

from messaging.models import AccountDeletion
from messaging.models.accounts.deletion import AccountDeletionQuerySet

AT_ONCE_SECONDS = 2.0  # while the person waits: for most that is enough, and they see that it is done

logger = logging.getLogger(__name__)


def finish_in_background(departures: AccountDeletionQuerySet) -> None:
    """Do what is left to do for these, without anybody who waits for it."""
    threading.Thread(target=_finish, args=[departures], name="departures", daemon=True).start()


def resume() -> None:
    """Go on with what another process, or an earlier start of this one, left lying."""
    stalled = AccountDeletion.objects.stalled()
    if stalled.exists():
        finish_in_background(stalled)


def _finish(departures: AccountDeletionQuerySet) -> None:
    try:
        departures.finish()
    except Exception:
        # Whatever it was (the database is locked, or away), somebody resumes it in a moment.
        logger.exception("The deletion of an account was interrupted, and will be resumed.")
    finally:
        connections.close_all()
