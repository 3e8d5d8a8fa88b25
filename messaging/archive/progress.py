"""How far a command is, on the terminal."""

import time
from collections.abc import Iterator
from typing import Final, TextIO

from messaging.archive.lines import ArchiveFile

BAR_WIDTH: Final = 30
PROGRESS_SECONDS: Final = 0.2


class Progress:
    """A progress bar on the terminal for each step: how much of it is done."""

    def __init__(self, terminal: TextIO) -> None:
        self.terminal = terminal
        self._drawn = 0.0
        self._step = self._bar = ""

    @classmethod
    def on(cls, output: TextIO) -> "Progress | None":
        """A progress bar; None if nobody would see it move."""
        return cls(output) if output.isatty() else None

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


def silent(step: str, share: float, count: str) -> None:
    """What is called instead of `Progress.show` if nobody looks."""
