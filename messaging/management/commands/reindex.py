"""`manage.py reindex`: write again what is searched, from the messages."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from messaging.models import Message, SearchText
from messaging.models.search.sqlite_index import create_missing_index


class Command(BaseCommand):
    help = (
        "Write again the words by which messages are found. People can go on writing meanwhile. If it was "
        "interrupted, --after goes on from the last id that was shown."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--after", type=int, default=0, metavar="ID", help="only messages with a larger id"
        )

    def handle(self, *args: Any, after: int, **options: Any) -> None:
        with transaction.atomic():
            create_missing_index()
        newest = Message.rows.order_by("-pk").values_list("pk", flat=True).first() or 0
        is_shown = options["verbosity"] and sys.stderr.isatty()
        last: int | None = after
        while last is not None:
            if is_shown:
                self.stderr.write(f"\rup to id {last:,} of {newest:,}", ending="")
            last = SearchText.objects.rewrite_batch(last)
        if is_shown:
            self.stderr.write("")
        self.stdout.write(f"{SearchText.objects.count():,} messages can be found.")
