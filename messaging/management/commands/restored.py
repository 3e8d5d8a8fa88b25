"""`manage.py restored`: to be run after a backup was restored."""

from typing import Any

from django.core.management.base import BaseCommand

from messaging.models import Installation


class Command(BaseCommand):
    help = (
        "Run this after you restored the database from a backup: open pages and the caches of browsers are "
        "then loaded again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        Installation.objects.renew_epoch()
        self.stdout.write("Open pages and browser caches will be loaded again.")
