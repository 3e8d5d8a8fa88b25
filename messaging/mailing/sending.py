"""Sending the mails that wait, one after the other, over one connection.

What is mailed is claimed first (stored as sent) and then sent, so that nothing is mailed twice.
"""

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused
from typing import Final, Protocol

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Model, QuerySet
from django.utils import timezone

from messaging.background.models import QueuedTask
from messaging.models import Installation, User
from messaging.models.db.tasks import Task

logger = logging.getLogger(__name__)

SECONDS_AT_ONCE: Final = 5.0  # that one run sends; other background work waits meanwhile
MOST_AT_ONCE: Final = 1000
# Reply codes of mail servers (RFC 5321): from this one on they will not take the mail later either; they
# close the connection; there is no such mailbox.
PERMANENT, CLOSING, NO_MAILBOX = 500, 421, (550, 553)


class ClaimedMail(Protocol):
    """What a mail is about, which counts as mailed from now on.

    `retry_later` is called if the mail server did certainly not take the mail, and `end` if it was sent or
    will not be tried again.
    """

    @property
    def user(self) -> User: ...

    def retry_later(self) -> None: ...

    def end(self) -> None: ...


@dataclass(frozen=True)
class OutgoingMail:
    """A mail, and what it is about."""

    claimed: ClaimedMail
    mail: EmailMultiAlternatives


def enqueue_if_any(task: Task, waiting: QuerySet[Model]) -> None:
    """Enqueue the task that sends them, if it is not under way."""
    under_way = QueuedTask.objects.filter(task=task.module_path, finished_at=None)
    if waiting.exists() and not under_way.exists():
        task.enqueue()


def send_waiting(waiting: QuerySet[Model], claim: Callable[[int], OutgoingMail | None]) -> bool:
    """Send the mails that wait, for some seconds.

    If the mail server cannot be reached, they go on waiting, and the site's settings say since when that is
    so.

    Args:
        claim: claims and composes the mail of the row with this id; None if there is nothing to send.

    Returns:
        Whether the caller should enqueue itself again for the rest; other work gets its turn meanwhile.
    """
    ends_at = time.monotonic() + SECONDS_AT_ONCE
    connection = get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        _note_failure(error)
        return False
    try:
        for pk in list(waiting.values_list("pk", flat=True)[:MOST_AT_ONCE]):
            if time.monotonic() > ends_at:
                break
            if (outgoing := claim(pk)) and not send(outgoing, connection):
                return False
    finally:
        connection.close()
    return waiting.all().exists()


def send(outgoing: OutgoingMail, connection: BaseEmailBackend) -> bool:
    """Send one mail. If it is not certain that the server did not take it, it is not sent again.

    Returns:
        Whether the connection can be used for the next one.
    """
    mail, claimed = outgoing.mail, outgoing.claimed
    mail.connection = connection
    try:
        mail.send()
    except SMTPRecipientsRefused as refused:
        ((code, text),) = refused.recipients.values()
        if _is_no_mailbox(code, text):
            people = User.objects.filter(pk=claimed.user.pk, email=claimed.user.email)
            people.update(email_refused_at=timezone.now())
            logger.warning("The mail server refuses the address of person %d.", claimed.user.pk)
        else:
            claimed.retry_later()
            _note_failure(refused, code)
        return code != CLOSING
    except SMTPResponseException as refused:
        _note_failure(refused)
        if refused.smtp_code < PERMANENT or isinstance(refused, SMTPSenderRefused):
            claimed.retry_later()
        return refused.smtp_code != CLOSING and not isinstance(refused, SMTPSenderRefused)
    except (OSError, SMTPException) as error:
        _note_failure(error)
        return False
    claimed.end()
    Installation.objects.row().exclude(mail_failed_at=None).update(mail_failed_at=None, mail_failure="")
    return True


def _is_no_mailbox(code: int, text: bytes) -> bool:
    """Whether the server says that there is no such mailbox, and not that it will not, or not now.

    An enhanced status code says which (RFC 3463: 5.1.x is about the address). Without one, 550 and 553 mean
    that (RFC 5321).
    """
    if enhanced := re.match(rb"(\d)\.(\d{1,3})\.\d{1,3}\b", text):
        return enhanced.groups() == (b"5", b"1")
    return code in NO_MAILBOX


def _note_failure(error: Exception, code: int | None = None) -> None:
    """The site's settings show since when mails failed, and why the last one did."""
    if isinstance(error, SMTPResponseException):
        code = error.smtp_code
    failure = f"{type(error).__name__} {code}" if code else type(error).__name__
    logger.warning("A mail could not be sent: %s.", failure)
    first: datetime = Installation.objects.current().mail_failed_at or timezone.now()
    Installation.objects.row().update(mail_failed_at=first, mail_failure=failure[:80])
