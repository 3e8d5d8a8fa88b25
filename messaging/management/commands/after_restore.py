"""`manage.py after_restore`: to be run after a backup was restored."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from messaging.backup.retention_after import put_off_deletion
from messaging.caching.clearing import clear
from messaging.models import Installation
from messaging.models.inbox.digest import skip_due_digests
from messaging.models.inbox.missed_mail import forget_missed
from messaging.models.inbox.push_notice import forget_waiting


class Command(BaseCommand):
    help = (
        f"Run this after you restored the database in another way than by `{settings.MANAGE} restore`: it "
        "empties the caches, makes open pages and browsers load everything again, lets no email or push be "
        "sent twice, and gives a day before the rules of how long messages are kept delete anything."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        # A backup's messages get the same ids and versions again, which are the keys of cached HTML.
        for alias in ("pages", "fragments"):
            clear(alias)
        Installation.objects.renew_epoch()
        forget_missed()
        skip_due_digests()
        forget_waiting()
        self.stdout.write("Open pages and browser caches will be loaded again.")
        if put_off_deletion():
            self.stdout.write(
                "What the rules of how long messages are kept would delete is deleted a day from now; change "
                "the rule before then."
            )
