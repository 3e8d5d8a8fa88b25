"""`manage.py after_restore`: to be run after a backup was restored."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from messaging.caching.clearing import clear
from messaging.models import Installation
from messaging.models.inbox.missed_mail import forget_missed
from messaging.models.inbox.push_notice import forget_waiting


class Command(BaseCommand):
    help = (
        f"Run this after you restored the database in another way than by `{settings.MANAGE} restore`: it "
        "empties the caches, makes open pages and browsers load everything again, and lets no mail or push "
        "be sent twice."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        # A backup's messages get the same ids and versions again, which are the keys of cached HTML.
        for alias in ("pages", "fragments"):
            clear(alias)
        Installation.objects.renew_epoch()
        forget_missed()
        forget_waiting()
        self.stdout.write("Open pages and browser caches will be loaded again.")
