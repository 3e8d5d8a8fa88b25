"""A database that another version of Parley has migrated."""

from typing import Final, NamedTuple

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

_APP: Final = "messaging"


class OtherVersion(NamedTuple):
    """What is the matter, and what to do: two texts that end with a full stop."""

    says: str
    advice: str


def other_version(connection: BaseDatabaseWrapper) -> OtherVersion | None:
    """None if this version has all migrations that the database has run."""
    known = {name for app, name in MigrationLoader(None).disk_migrations if app == _APP}
    recorded = MigrationRecorder(connection).applied_migrations()
    unknown = {name for app, name in recorded if app == _APP} - known
    if not unknown:
        return None
    if min(unknown) > max(known):  # their names begin with their numbers
        return OtherVersion(
            f"This database belongs to a newer version of Parley, which has run {max(unknown)}.",
            "Install that version again, or put back the copy that was made before the upgrade "
            f"({settings.MANAGE} restore FOLDER).",
        )
    return OtherVersion(
        "This database was made by a version of Parley before the first release, and cannot be converted.",
        f"Export its rooms with that version ({settings.MANAGE} export_archive FILE), begin with an empty "
        "database (another PARLEY_VAR, or another DATABASE_URL), and import them there "
        f"({settings.MANAGE} import_archive FILE).",
    )
