"""What mails a person got, after some minutes."""

from datetime import timedelta
from email.message import EmailMessage

from django.utils import timezone

from messaging.mailing.missed import find_missed
from messaging.models import MissedMail, Notification
from tests.queue import run_tasks


def minutes_pass(number: int = 3) -> None:
    """So long ago was everything that was sent; then the periodic task runs."""
    earlier = timezone.now() - timedelta(minutes=number)
    MissedMail.objects.filter(due_at__isnull=False).update(due_at=earlier)
    Notification.objects.filter(created_at__gt=earlier).update(created_at=earlier)
    find_missed.enqueue()
    run_tasks()


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part
    return str(part.get_content()).replace("\r\n", "\n")
