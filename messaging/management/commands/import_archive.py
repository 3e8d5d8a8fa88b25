import sys
import time
import zlib
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from messaging.archive.importing import Importer
from messaging.archive.lines import ArchiveFile

BAR_WIDTH = 30
PROGRESS_SECONDS = 0.2


class Command(BaseCommand):
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
        importer = Importer(report=self._report)
        for path in files:
            self._import(importer, path, options["verbosity"])
        seconds = time.monotonic() - started
        tally = importer.tally
        self.stdout.write(
            f"{tally.added:,} messages added, {tally.known:,} already existed, {tally.bad:,} lines skipped"
            f" ({seconds:.1f} s)."
        )
        if tally.orphans:
            self.stdout.write(
                f"Replies to a missing message, imported as messages of their own: {tally.orphans:,}."
            )

    def _report(self, line: str) -> None:
        self.stderr.write(line)

    def _import(self, importer: Importer, path: Path, verbosity: int) -> None:
        archive = ArchiveFile(path)
        progress = Progress(sys.stderr, path.name) if verbosity and sys.stderr.isatty() else None
        lines = progress.watch(archive) if progress else archive
        try:
            importer.add_lines(lines, path.name)
        except (OSError, EOFError, zlib.error) as error:
            importer.flush()
            raise CommandError(f"{path} could not be read to its end: {error}") from error
        finally:
            archive.close()


class Progress:
    """A progress bar on the terminal: how much of the file has been read."""

    def __init__(self, terminal: TextIO, name: str) -> None:
        self.terminal = terminal
        self.name = name

    def watch(self, archive: ArchiveFile) -> Any:
        drawn = 0.0
        for number, line in archive:
            yield number, line
            if time.monotonic() - drawn > PROGRESS_SECONDS:
                drawn = time.monotonic()
                self._draw(archive.share_read, number)
        self._draw(1.0, number if archive.size else 0)
        self.terminal.write("\n")

    def _draw(self, share: float, lines: int) -> None:
        done = round(share * BAR_WIDTH)
        bar = "█" * done + "·" * (BAR_WIDTH - done)
        self.terminal.write(f"\r{self.name} {bar} {share:4.0%} {lines:,} lines")
        self.terminal.flush()
