"""Django's `migrate`, which first refuses a database that was made before the first release."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

APP = "messaging"
OLDER_DATABASE = (
    "This database was made by a version of Parley before the first release, and cannot be converted. "
    "Export its rooms with that version (manage.py export_archive FILE), begin with an empty database "
    "(another PARLEY_VAR, or another DATABASE_URL), and import them there (manage.py import_archive FILE)."
)


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError, with nothing changed, if the tables are those of an earlier version."""
        loader = MigrationLoader(None)
        known = {name for app, name in loader.disk_migrations if app == APP}
        recorded = MigrationRecorder(connections[options["database"]]).applied_migrations()
        if {name for app, name in recorded if app == APP} - known:
            raise CommandError(OLDER_DATABASE)
        super().handle(*args, **options)
