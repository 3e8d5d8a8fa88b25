"""The tasks that send weekly digests."""

from messaging.mailing.digest_composing import compose_digest
from messaging.mailing.sending import OutgoingMail, enqueue_if_any, send_waiting
from messaging.models.db.tasks import task
from messaging.models.inbox.digest import claim_digest, digests_to_send


@task()
def find_digests() -> None:
    """Periodic: look whether digests are due, with what an earlier run put back."""
    enqueue_if_any(send_digests, digests_to_send())


@task()
def send_digests() -> None:
    """Send the digests that are due, for some seconds; then enqueue itself again."""
    if send_waiting(digests_to_send(), _claimed):
        send_digests.enqueue()


def _claimed(pk: int) -> OutgoingMail | None:
    """None also if there is nothing to tell: then there is none this week."""
    due = claim_digest(pk)
    mail = compose_digest(due.digest) if due else None
    return OutgoingMail(due, mail) if due and mail else None
