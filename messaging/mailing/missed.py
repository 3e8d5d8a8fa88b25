"""The tasks that mail people what they missed."""

import logging
import re
import time
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused
from typing import Final

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from messaging.background.models import QueuedTask
from messaging.mailing.composing import compose
from messaging.models import Installation, User
from messaging.models.db.tasks import task
from messaging.models.inbox.missed_mail import Missed, claim, mails_to_send, note_missed

logger = logging.getLogger(__name__)

SECONDS_AT_ONCE: Final = 5.0  # that one run sends; other background work waits meanwhile
MOST_AT_ONCE: Final = 1000
# Reply codes of mail servers (RFC 5321): from this one on they will not take the mail later either; they
# close the connection; there is no such mailbox.
PERMANENT, CLOSING, NO_MAILBOX = 500, 421, (550, 553)


@task()
def find_missed() -> None:
    """Periodic: find what people missed, and send it, with what an earlier run put back."""
    now = timezone.now()
    while note_missed(now):
        pass
    under_way = QueuedTask.objects.filter(task=send_missed.module_path, finished_at=None)
    if mails_to_send().exists() and not under_way.exists():
        send_missed.enqueue()


@task()
def send_missed() -> None:
    """Send the mails that wait, for some seconds; then enqueue itself again: other work gets its turn.

    If the mail server cannot be reached, they wait for the next `find_missed`, and the site's settings say
    since when that is so.
    """
    ends_at = time.monotonic() + SECONDS_AT_ONCE
    connection = get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        _note_failure(error)
        return
    try:
        for pk in list(mails_to_send().values_list("pk", flat=True)[:MOST_AT_ONCE]):
            if time.monotonic() > ends_at:
                break
            if (missed := claim(pk)) and not _send(missed, connection):
                return
    finally:
        connection.close()
    if mails_to_send().exists():
        send_missed.enqueue()


def _send(missed: Missed, connection: BaseEmailBackend) -> bool:
    """Send one mail. If it is not certain that the server did not take it, it is not sent again.

    Returns:
        Whether the connection can be used for the next one.
    """
    mail, user = compose(missed), missed.mail.user
    mail.connection = connection
    try:
        mail.send()
    except SMTPRecipientsRefused as refused:
        ((code, text),) = refused.recipients.values()
        if _is_no_mailbox(code, text):
            people = User.objects.filter(pk=user.pk, email=user.email)
            people.update(email_refused_at=timezone.now())
            logger.warning("The mail server refuses the address of person %d.", user.pk)
        else:
            missed.put_back()
            _note_failure(refused, code)
        return code != CLOSING
    except SMTPResponseException as refused:
        _note_failure(refused)
        if refused.smtp_code < PERMANENT or isinstance(refused, SMTPSenderRefused):
            missed.put_back()
        return refused.smtp_code != CLOSING and not isinstance(refused, SMTPSenderRefused)
    except (OSError, SMTPException) as error:
        _note_failure(error)
        return False
    missed.end()
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
    logger.warning("A mail about missed messages could not be sent: %s.", failure)
    first: datetime = Installation.objects.current().mail_failed_at or timezone.now()
    Installation.objects.row().update(mail_failed_at=first, mail_failure=failure[:80])
