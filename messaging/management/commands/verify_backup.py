"""`manage.py verify_backup FOLDER`: whether a copy is whole, and can be restored and opened."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from messaging.backup.errors import BackupError
from messaging.backup.folder import chosen
from messaging.backup.verifying import verify


class Command(BaseCommand):
    help = "Restore a copy into a throw-away folder, and check everything in it. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", type=Path, metavar="FOLDER", help="A copy, or the folder of copies: then the newest."
        )
        parser.add_argument(
            "--without-opening", action="store_true", help="Check hashes and rights alone, without a restore."
        )

    def handle(self, *, folder: Path, without_opening: bool, **options: Any) -> None:
        say = self.stdout.write if options["verbosity"] else lambda text: None
        try:
            copy = chosen(folder)
            say(f"Checking {copy} …")
            found = verify(copy, say, opening=not without_opening)
        except BackupError as error:
            raise CommandError(str(error)) from error
        # No faults of the copy, which can be restored; but somebody must learn of it.
        lost = [
            f"The file {name} was lost before the copy was made. Put it back into the folder media from an "
            "older copy, or delete what names it."
            for name in found.manifest.lost
        ]
        if faults := found.faults + lost:
            number = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
            raise CommandError("\n".join([f"This copy has {number}:", *faults]))
        files = f"{len(found.manifest.files):,} files"
        if found.manifest.storage == "bucket":
            files = "no files (they are in the bucket, PARLEY_S3_URL)"
        number = "1 conversation" if found.opened == 1 else f"{found.opened:,} conversations"
        opened = "" if without_opening else f", {number} opened"
        say(f"This copy is whole: the database, the key, {files}{opened}.")
