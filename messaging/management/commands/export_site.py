"""`manage.py export_site FOLDER`: the whole site as files that Parley, and any other program, can read."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from messaging.archive.progress import Progress, silent
from messaging.archive.site.errors import ArchiveError
from messaging.archive.site.exporting import SiteExport
from messaging.backup.progress import readable
from messaging.management.whole_installation import WholeInstallationCommand

NAMED = 5  # lost files


class Command(WholeInstallationCommand):
    help = (
        "Export the whole site into a folder, which import_site reads. An export that was interrupted goes "
        "on when the command is run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="A new or empty folder.")
        parser.add_argument(
            "--with-private",
            action="store_true",
            help="Also what is not the team's: direct conversations and groups, and each person's drafts, "
            "scheduled messages, saved messages, reminders, keywords and arrangement of the sidebar. Needed "
            "to move a whole site.",
        )

    def handle(self, *, folder: Path, with_private: bool, **options: Any) -> None:
        os.umask(0o077)
        progress = Progress.on(sys.stderr) if options["verbosity"] else None
        export = SiteExport(folder, with_private, progress.show if progress else silent)
        try:
            contents = export.run()
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        finally:
            if progress:
                progress.end()
        files = contents["files"]
        if export.continued:
            self.stdout.write("The interrupted export was continued.")
        self.stdout.write(
            f"{export.messages:,} messages and {files['number']:,} files ({readable(files['bytes'])}) are in "
            f"{folder}."
        )
        if not with_private:
            self.stdout.write(
                "Direct conversations, groups, drafts, scheduled and saved messages, reminders and keywords "
                "are not in it. To export them too, run it with --with-private into another folder."
            )
        if lost := export.lost:
            self.stderr.write(
                f"{len(lost):,} files are not in the storage any more: {', '.join(lost[:NAMED])}"
                f"{' …' if len(lost) > NAMED else ''}. The import will show them as lost."
            )
