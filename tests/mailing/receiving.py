"""What mails a person got, after some minutes or at the time of a digest."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage

import time_machine
from django.utils import timezone

from messaging.mailing.digests import find_digests
from messaging.mailing.missed import find_missed
from messaging.models import MissedMail, Notification, User
from messaging.models.inbox.digest import choose_digest
from tests.queue import run_tasks

FRIDAY, SUNDAY = "2027-03-05T12:00:00+00:00", "2027-03-07T12:00:00+00:00"
MONDAY = "2027-03-08T08:01:00+00:00"  # when a digest has just become due


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


def everything_in(mail: EmailMessage) -> str:
    """All that can be read in a mail: its headers, and both forms of its content. (Its source may hide words:
    a part with other letters than ASCII is encoded.)"""
    return "\n".join([*map(str, mail.values()), text_of(mail), text_of(mail, "html")])


def subscribe(user: User, day: int = 0, hour: int = 8, zone: str = "") -> None:
    """The person wants a digest on this day of the week, on Mondays at 8:00 UTC if nothing else is said."""
    choose_digest(user, is_wanted=True, day=day, hour=hour, zone=zone)


@contextmanager
def at(moment: str) -> Iterator[None]:
    """The machine's clock goes on from this moment."""
    with time_machine.travel(moment):
        yield


def digests_go_out(moment: str) -> None:
    """The periodic task runs at this moment, and what it leads to."""
    with at(moment):
        find_digests.enqueue()
        run_tasks()
