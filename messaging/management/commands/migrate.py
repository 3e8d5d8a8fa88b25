"""Django's `migrate`, which first refuses a database of a newer version, or from before the first release."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

APP = "messaging"
OLDER_DATABASE = (
    "This database was made by a version of Parley before the first release, and cannot be converted. "
    f"Export its rooms with that version ({settings.MANAGE} export_archive FILE), begin with an empty "
    "database (another PARLEY_VAR, or another DATABASE_URL), and import them there "
    f"({settings.MANAGE} import_archive FILE)."
)
NEWER_DATABASE = (
    "This database belongs to a newer version of Parley, which has run {migration}. Install that version "
    "again, or put back the copy that was made before the upgrade (manage.py restore FOLDER)."
)


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError, with nothing changed, if the tables are those of another version."""
        loader = MigrationLoader(None)
        known = {name for app, name in loader.disk_migrations if app == APP}
        recorded = MigrationRecorder(connections[options["database"]]).applied_migrations()
        if unknown := {name for app, name in recorded if app == APP} - known:
            is_newer = min(unknown) > max(known)  # their names begin with their numbers
            raise CommandError(NEWER_DATABASE.format(migration=max(unknown)) if is_newer else OLDER_DATABASE)
        super().handle(*args, **options)
