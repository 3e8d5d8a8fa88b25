"""`manage.py restore FOLDER`: puts a copy back, and keeps aside what was there."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from messaging.backup.errors import BackupError
from messaging.backup.folder import chosen
from messaging.backup.restoring import check, is_living, put_back

CONFIRMATION = "restore"


class Command(BaseCommand):
    help = "Put a copy back, after Parley was stopped. What was there is kept in a folder beside it."
    requires_system_checks: list[str] = []  # the database may be damaged

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", type=Path, metavar="FOLDER", help="A copy, or the folder of copies: then the newest."
        )
        parser.add_argument(
            "--force", action="store_true", help="Replace an installation that has accounts, without asking."
        )

    def handle(self, *, folder: Path, force: bool, **options: Any) -> None:
        os.umask(0o077)
        say = self.stdout.write if options["verbosity"] else lambda text: None
        try:
            copy = chosen(folder)
            if is_living() and not force:
                self._confirm(copy)
            manifest = check(copy, say)
            first, *others = put_back(copy, manifest, say)
        except BackupError as error:
            raise CommandError(str(error)) from error
        say(f"Restored {copy}: everything is as it was at {manifest.time}.")
        say(
            "What was removed or ended since then is there again: deleted accounts and messages, ended "
            "sessions, used invitations. Delete again what must stay deleted."
        )
        say(f"What was here before is in {first}. Delete it when you no longer need it.")
        if others:
            say(f"What interrupted attempts had put here is in {', '.join(map(str, others))}. Delete it too.")
        say("Now start Parley.")

    def _confirm(self, copy: Path) -> None:
        """Raises CommandError unless a person at the terminal agrees."""
        if not sys.stdin.isatty():
            raise CommandError(
                "This installation has accounts. To replace it by the copy, add --force; what is here now is "
                "kept aside."
            )
        self.stdout.write(f"This installation has accounts. It will be replaced by {copy}.")
        if input(f"Type {CONFIRMATION} to go on: ").strip() != CONFIRMATION:
            raise CommandError("Nothing was changed.")
