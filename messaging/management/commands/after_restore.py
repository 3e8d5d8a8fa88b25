"""`manage.py after_restore`: to be run after a backup was restored."""

from typing import Any

from django.core.management.base import BaseCommand

from messaging.caching.clearing import clear
from messaging.models import Installation


class Command(BaseCommand):
    help = (
        "Run this after you restored the database from a backup: it empties the caches, and makes open pages "
        "and browsers load everything again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        # A backup's messages get the same ids and versions again, which are the keys of cached HTML.
        for alias in ("pages", "fragments"):
            clear(alias)
        Installation.objects.renew_epoch()
        self.stdout.write("Open pages and browser caches will be loaded again.")
