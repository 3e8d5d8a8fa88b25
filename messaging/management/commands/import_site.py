"""`manage.py import_site FOLDER`: an exported site, into an empty installation."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from messaging.archive.progress import Progress, silent
from messaging.archive.site.errors import ArchiveError
from messaging.archive.site.importing import SiteImport
from messaging.caching.clearing import clear
from messaging.health.ready import is_migrated
from messaging.management.whole_installation import WholeInstallationCommand


class Command(WholeInstallationCommand):
    help = "Import a site that export_site exported, into an empty installation: all of it, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="The folder of the export.")

    def handle(self, *, folder: Path, **options: Any) -> None:
        if not is_migrated():
            raise CommandError(f"The database has no tables yet. Run {settings.MANAGE} migrate first.")
        progress = Progress.on(sys.stderr) if options["verbosity"] else None
        site = SiteImport(folder, progress.show if progress else silent)
        try:
            site.run()
        except ArchiveError as error:
            raise CommandError(f"{error} Nothing was imported.") from error
        finally:
            if progress:
                progress.end()
        for alias in ("pages", "fragments"):
            clear(alias)
        numbers = [f"{number:,} {name.replace('_', ' ')}" for name, number in site.counts.items() if number]
        self.stdout.write(f"Imported: {', '.join(numbers)}.")
        if site.ended_polls:
            self.stdout.write(
                f"{site.ended_polls:,} anonymous polls that were open are ended: who voted is not in an "
                "export, so nobody could be kept from voting twice."
            )
        self.stdout.write(
            f"Nobody has a password yet. An owner gets in by the link of {settings.MANAGE} sign_in_link, and "
            "can create links to new passwords for others; with a mail server, people get one by “Forgot "
            "your password?”."
        )
