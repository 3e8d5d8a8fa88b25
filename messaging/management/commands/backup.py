"""`manage.py backup FOLDER`: a copy of the database, the files and the key, while Parley runs."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import OperationalError, ProgrammingError

from messaging.backup.errors import BackupError
from messaging.backup.making import Made, make_backup
from messaging.backup.progress import readable
from messaging.management.whole_installation import WholeInstallationCommand
from messaging.models import Installation


class Command(WholeInstallationCommand):
    help = "Copy the database, the files and the secret key into a new folder in FOLDER, while Parley runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="Where the copies are kept.")
        parser.add_argument(
            "--keep", type=int, metavar="N", help="Keep the newest N copies, and delete older ones."
        )
        parser.add_argument(
            "--full", action="store_true", help="Copy every file again, instead of sharing unchanged ones."
        )

    def handle(self, *, folder: Path, keep: int | None, full: bool, **options: Any) -> None:
        if keep is not None and keep < 1:
            raise CommandError("--keep needs a number of at least 1.")
        os.umask(0o077)
        say = self.stdout.write if options["verbosity"] else lambda text: None
        try:
            days = Installation.objects.current().backup_days
            made = make_backup(folder, say, keep, days, share=not full)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except (OperationalError, ProgrammingError) as error:
            reason = (str(error).strip().splitlines() or ["no reason given"])[0]
            raise CommandError(
                f"The database cannot be read: {reason}. If Parley was upgraded, make the copy with the "
                f"version before, or run {settings.MANAGE} migrate first."
            ) from error
        if options["verbosity"]:
            self._show(made)
        for name in made.rescued:
            self.stderr.write(
                f"The file {name} is gone from the folder media. This copy has it from the copy before: "
                "copy it back."
            )
        for name in made.manifest.lost:
            self.stderr.write(f"The database names the file {name}, but it is not there.")

    def _show(self, made: Made) -> None:
        manifest = made.manifest
        self.stdout.write(f"Copied to {made.copy}: the database ({readable(manifest.database[1])}), the key")
        if manifest.storage == "folder":
            size = readable(manifest.bytes - manifest.database[1])
            files = f"{len(manifest.files):,} files ({size})"
            self.stdout.write(f"and {files}, {made.shared:,} of them shared with the copy before.")
        else:
            self.stdout.write("and no files: they are in the bucket (PARLEY_S3_URL). Back it up yourself.")
        for copy in made.pruned:
            self.stdout.write(f"Deleted the older copy {copy.name}.")
        if made.copy.stat().st_dev == settings.VAR_DIR.stat().st_dev:
            self.stdout.write("It is on the same disk as Parley. Copy it to another machine too.")
        self.stdout.write(f"Check it with: {settings.MANAGE} verify_backup {made.copy}")
