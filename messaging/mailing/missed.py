"""The tasks that mail people what they missed."""

from django.utils import timezone

from messaging.mailing.composing import compose
from messaging.mailing.sending import OutgoingMail, enqueue_if_any, send_waiting
from messaging.models.db.tasks import task
from messaging.models.inbox.missed_mail import claim, mails_to_send, note_missed


@task()
def find_missed() -> None:
    """Periodic: find what people missed, and send it, with what an earlier run put back."""
    now = timezone.now()
    while note_missed(now):
        pass
    enqueue_if_any(send_missed, mails_to_send())


@task()
def send_missed() -> None:
    """Send the mails that wait, for some seconds; then enqueue itself again."""
    if send_waiting(mails_to_send(), _claimed):
        send_missed.enqueue()


def _claimed(pk: int) -> OutgoingMail | None:
    missed = claim(pk)
    return OutgoingMail(missed, compose(missed)) if missed else None
