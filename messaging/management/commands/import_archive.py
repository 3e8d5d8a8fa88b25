import sqlite3
import sys
import time
import zlib
from collections.abc import Iterator
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
        progress = Progress(sys.stderr) if options["verbosity"] and sys.stderr.isatty() else None
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

    def _read(self, importer: Importer, path: Path, progress: "Progress | None") -> None:
        archive = ArchiveFile(path)
        try:
            importer.read(progress.watch(archive, f"Reading {path.name}") if progress else archive, path.name)
        finally:
            archive.close()


class Progress:
    """A progress bar on the terminal for each step: how much of it is done."""

    def __init__(self, terminal: TextIO) -> None:
        self.terminal = terminal
        self._drawn = 0.0
        self._step = self._bar = ""

    def watch(self, archive: ArchiveFile, step: str) -> Iterator[tuple[int, bytes]]:
        """Yield the numbered lines of the file, and show how much of it has been read."""
        for number, line in archive:
            yield number, line
            self.show(step, archive.share_read, f"{number:,} lines")

    def show(self, step: str, share: float, count: str) -> None:
        """Show how much of a step is done, from 0 to 1. The bar is drawn every fifth of a second."""
        if step != self._step:
            self.end()
        done = round(share * BAR_WIDTH)
        bar = "█" * done + "·" * (BAR_WIDTH - done)
        self._step, self._bar = step, f"{step} {bar} {share:4.0%} {count}"
        if time.monotonic() - self._drawn > PROGRESS_SECONDS:
            self._draw()

    def end(self) -> None:
        """Draw the last state, and go to the next line of the terminal."""
        if self._step:
            self._draw()
            self.terminal.write("\n")
            self._step = ""

    def _draw(self) -> None:
        self._drawn = time.monotonic()
        self.terminal.write(f"\r{self._bar}")
        self.terminal.flush()
