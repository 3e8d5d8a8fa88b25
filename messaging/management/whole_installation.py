"""For commands that read or write what is kept: they must not run on half of a restored copy."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from messaging.backup.errors import BackupError
from messaging.backup.interruption import refuse_half_restored


class WholeInstallationCommand(BaseCommand):
    """A command that is refused after a restore was interrupted, until the restore is done again."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Raises CommandError: the installation is half restored."""
        try:
            refuse_half_restored()
        except BackupError as error:
            raise CommandError(str(error)) from error
        return super().execute(*args, **options)
