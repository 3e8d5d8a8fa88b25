"""Django's `migrate`, which first refuses a database of a newer version, or from before the first release."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from messaging.health.other_version import other_version


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError, with nothing changed, if the tables are those of another version."""
        if other := other_version(connections[options["database"]]):
            raise CommandError(" ".join(other))
        super().handle(*args, **options)
