"""`manage.py restored`: after a backup was put back."""

from typing import Any

from django.core.management.base import BaseCommand

from messaging.models import Installation


class Command(BaseCommand):
    help = (
        "Say that the database is a backup that was put back: its numbers come a second time, so pages that "
        "are open and lists that browsers keep begin anew."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        Installation.objects.renew_epoch()
        self.stdout.write("Open pages and browsers' lists begin anew.")
