import sqlite3
import sys
import time
import zlib
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from messaging.archive.importing import Importer
from messaging.archive.lines import ArchiveFile
from messaging.archive.progress import Progress
from messaging.management.whole_installation import WholeInstallationCommand


class Command(WholeInstallationCommand):
    help = (
        "Import conversations from archives (JSON lines, plain or gzip). Importing a file again adds nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        for path in files:
            if not path.is_file():
                raise CommandError(f"There is no file {path}.")
        started = time.monotonic()
        progress = Progress.on(sys.stderr) if options["verbosity"] else None
        importer = Importer(report=self.stderr.write)
        damage = None
        try:
            for path in files:
                self._read(importer, path, progress)
        except (OSError, EOFError, zlib.error) as error:
            damage = f"{path} could not be read to its end: {error}"
        except sqlite3.Error as error:
            raise CommandError(
                f"Nothing was imported. Temporary files could not be written: {error}"
            ) from error
        for share in importer.write():
            if progress:
                progress.show("Importing", share, f"{importer.tally.added:,} messages")
        if progress:
            progress.end()
        tally = importer.tally
        self.stdout.write(
            f"{tally.added:,} messages added, {tally.known:,} already existed, {tally.bad:,} lines skipped"
            f" ({time.monotonic() - started:.1f} s)."
        )
        for sentence in tally.sentences():
            self.stdout.write(sentence)
        if damage:
            raise CommandError(damage)

    def _read(self, importer: Importer, path: Path, progress: Progress | None) -> None:
        archive = ArchiveFile(path)
        try:
            importer.read(progress.watch(archive, f"Reading {path.name}") if progress else archive, path.name)
        finally:
            archive.close()
