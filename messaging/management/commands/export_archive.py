import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import CommandError, CommandParser

from messaging.archive.exporting import archive_lines
from messaging.management.whole_installation import WholeInstallationCommand
from messaging.models import Conversation


class Command(WholeInstallationCommand):
    help = "Export rooms as an archive: JSON lines, gzip when the file's name ends in .gz."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, metavar="FILE", help="The file to write, or - for standard output."
        )
        parser.add_argument(
            "--room",
            action="append",
            metavar="NAME",
            help="Only this room; may be given again. Default: all.",
        )

    def handle(self, *args: Any, file: Path, room: list[str] | None, **options: Any) -> None:
        rooms = Conversation.objects.filter(kind=Conversation.Kind.ROOM, removed_at=None).order_by("pk")
        if room:
            rooms = rooms.filter(name__in=room)
            missing = set(room) - set(rooms.values_list("name", flat=True))
            if missing:
                raise CommandError(f"There is no room named {', '.join(sorted(missing))}.")
        written = 0
        with _opened(file) as target:
            for line in archive_lines(rooms):
                target.write(line)
                written += 1
        self.stderr.write(f"{written:,} messages from {len(rooms):,} rooms exported.")


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """The file to write. It gets its final name only when it is complete."""
    if str(path) == "-":
        yield sys.stdout
        return
    part = path.with_name(path.name + ".part")
    open_it = gzip.open if path.suffix == ".gz" else open
    try:
        with open_it(part, "wt", encoding="utf-8") as target:
            yield target
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
