"""The tasks that mail people what they missed."""

import logging
import time
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused
from typing import Final

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from messaging.mailing.composing import compose
from messaging.models import Installation, MissedMail, User
from messaging.models.db.tasks import task
from messaging.models.inbox.missed_mail import Missed, claim, note_missed

logger = logging.getLogger(__name__)

SECONDS_AT_ONCE: Final = 5.0  # that one run sends; other background work waits meanwhile
PERMANENT: Final = 500  # from this reply code on a mail server will not take the mail later either (RFC 5321)


@task()
def find_missed() -> None:
    """Periodic: find what people missed, and send what waits. After a failure this tries again."""
    now = timezone.now()
    while note_missed(now):
        pass
    if MissedMail.objects.filter(is_waiting=True).exists():
        send_missed.enqueue()


@task()
def send_missed() -> None:
    """Send the mails that wait, for some seconds; then enqueue itself again.

    If the mail server cannot be reached, they wait for the next `find_missed`, and the site's settings say
    since when that is so.
    """
    ends_at = time.monotonic() + SECONDS_AT_ONCE
    waiting = MissedMail.objects.filter(is_waiting=True).order_by("pk").values_list("pk", flat=True)
    connection = get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        _note_failure(error)
        return
    try:
        for pk in list(waiting[:1000]):
            if time.monotonic() > ends_at:
                break
            if (missed := claim(pk)) and not _send(missed, connection):
                return
    finally:
        connection.close()
    if waiting.exists():
        send_missed.enqueue()


def _send(missed: Missed, connection: BaseEmailBackend) -> bool:
    """Send one mail. If it is not certain that the server did not take it, it is not sent again.

    Returns:
        Whether the next one can be sent.
    """
    mail, user = compose(missed), missed.mail.user
    mail.connection = connection
    try:
        mail.send()
    except SMTPRecipientsRefused as refused:
        if any(code < PERMANENT for code, _text in refused.recipients.values()):
            missed.put_back()
            return False
        people = User.objects.filter(pk=user.pk, email=user.email)
        people.update(email_refused_at=timezone.now())
        logger.warning("The mail server refuses the address of person %d.", user.pk)
        return True
    except SMTPResponseException as refused:
        _note_failure(refused)
        if refused.smtp_code < PERMANENT or isinstance(refused, SMTPSenderRefused):
            missed.put_back()
            return False
        return True  # it refuses this mail, and may take the next
    except (OSError, SMTPException) as error:
        _note_failure(error)
        return False
    Installation.objects.row().exclude(mail_failed_at=None).update(mail_failed_at=None, mail_failure="")
    return True


def _note_failure(error: Exception) -> None:
    """The site's settings show since when no mail could be sent, and why."""
    code = f" {error.smtp_code}" if isinstance(error, SMTPResponseException) else ""
    failure = f"{type(error).__name__}{code}"[:80]
    logger.warning("Mails about missed messages cannot be sent: %s.", failure)
    first: datetime = Installation.objects.current().mail_failed_at or timezone.now()
    Installation.objects.row().update(mail_failed_at=first, mail_failure=failure)
